import { InvocationContext, type Timer } from '@azure/functions';
import { expect, test } from '@jest/globals';
import { parseConfig } from '../../core/config.ts';
import { FailedError } from '../../core/errors.ts';
import { createLog } from '../../core/log.ts';
import type { Blobs } from '../../core/store/blobs.ts';
import { handleTimer } from '../../functions/housekeeping.ts';
import { invocationLog } from '../../functions/invocation.ts';
import { House, over } from '../core/housekeeping/swept.ts';

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
