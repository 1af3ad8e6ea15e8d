import { InvocationContext, type Timer } from '@azure/functions';
import { afterEach, describe, expect, test } from '@jest/globals';
import { parseConfig } from '../../core/config.ts';
import { FailedError } from '../../core/errors.ts';
import { createLog } from '../../core/log.ts';
import type { Blobs } from '../../core/store/blobs.ts';
import { handleTimer } from '../../functions/housekeeping.ts';
import { invocationLog } from '../../functions/invocation.ts';
import { House, over } from '../core/housekeeping/swept.ts';
import { type Answer, type Extension, startExtension } from './batch/durable-extension.ts';

const timer = (isPastDue: boolean): Timer => ({
  isPastDue,
  schedule: { adjustForDST: false },
  scheduleStatus: { last: '', next: '', lastUpdated: '' },
});

function started(house: House, blobs: Blobs = house.blobs) {
  const lines: string[] = [];
  const config = parseConfig({ STORAGE: 'UseDevelopmentStorage=true' });
  const log = createLog('info', [invocationLog()]);
  const handle = handleTimer({ config, program: async () => ({ ...house.household({ blobs }), log }) });
  const context = new InvocationContext({ logHandler: (_level, ...args) => lines.push(args.join(' ')) });
  return { lines, fire: (isPastDue = false) => handle(timer(isPastDue), context) };
}

test('T1: two timers at once do the work of one', async () => {
  const house = new House();
  await house.drop('cat.jpg');
  const { fire, lines } = started(house);
  await Promise.all([fire(), fire()]);
  expect(await house.take()).toHaveLength(1);
  expect(lines.filter((line) => line.includes('"status":"busy"'))).toHaveLength(1);
  expect(lines.filter((line) => line.includes('"status":"done"'))).toHaveLength(1);
});

test('T2: a timer that is past due makes one run', async () => {
  const house = new House();
  await house.drop('cat.jpg');
  const { fire, lines } = started(house);
  await fire(true);
  expect(await house.take()).toHaveLength(1);
  expect(lines).toHaveLength(1);
});

test('a run that fails ends the function with an error, which the host tells', async () => {
  const house = new House();
  const blobs = over(house.blobs, {
    async page() {
      throw new FailedError('storage-unavailable');
    },
  });
  await expect(started(house, blobs).fire()).rejects.toThrow('storage-unavailable');
});

describe('what the host remembers of batches', () => {
  const RETENTION_MS = 30 * 86_400_000;
  const removed: Answer = [200, { instancesDeleted: 1 }];
  let extension: Extension;
  let lines: string[];
  afterEach(() => extension.close());

  /** A run a minute after a batch has been kept for long enough. */
  async function run(answer: Answer, env: Readonly<Record<string, string>> = {}, count = 1): Promise<House> {
    const house = new House();
    const finishedat = new Date(house.clock.now()).toISOString();
    for (let batch = 0; batch < count; batch++) {
      await house.state.write(`batches/${batch}.json`, Buffer.from('{}'), {
        ...{
          contentType: 'application/json',
          condition: 'new',
          metadata: { status: 'completed', finishedat },
        },
      });
    }
    house.clock.advance(RETENTION_MS + 60_000);
    lines = [];
    extension = await startExtension(
      { DELETE: answer },
      { logHandler: (_level, ...args) => lines.push(args.join(' ')) },
    );
    const config = parseConfig({ STORAGE: 'UseDevelopmentStorage=true', ...env });
    const log = createLog('info', [invocationLog()]);
    await handleTimer({ config, program: async () => ({ ...house.household(), log }) })(
      timer(false),
      extension.context,
    );
    return house;
  }

  test('goes with their records', async () => {
    await run(removed);
    expect(extension.asked).toEqual([
      'DELETE /runtime/webhooks/durabletask/instances/?createdTimeFrom=1970-01-01T00:00:00.000Z' +
        '&createdTimeTo=2026-01-01T12:01:00.000Z&runtimeStatus=Completed,Failed,Terminated',
    ]);
  });

  test('is not asked about where no record goes, nor with DRY_RUN', async () => {
    await run(removed, {}, 0);
    expect(extension.asked).toEqual([]);
    extension.close();
    await run(removed, { DRY_RUN: 'true' });
    expect(extension.asked).toEqual([]);
  });

  test('fails no run where it cannot be removed, and is told', async () => {
    const house = await run([500, 'no']);
    expect(await house.state.head('batches/0.json')).toBeNull();
    expect(lines.filter((line) => line.startsWith('the histories of batches'))).toHaveLength(1);
  });
});
