import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { housekeep, runOnSchedule } from '../../containerapp/housekeep.ts';
import { type Config, parseConfig } from '../../core/config.ts';
import { FailedError } from '../../core/errors.ts';
import { createLog, type Log } from '../../core/log.ts';
import { createProgram, type Program } from '../../core/program.ts';
import { connectStorage } from '../../core/store/azure-blobs.ts';
import type { Blobs } from '../../core/store/blobs.ts';
import { startAzurite } from '../azurite.ts';
import { House, over } from '../core/housekeeping/swept.ts';

const silent = createLog('silent');
const never = new AbortController().signal;
const once: ReadonlySet<string> = new Set();

describe('one run', () => {
  let azurite: Awaited<ReturnType<typeof startAzurite>>;
  let config: Config;
  let program: Program;
  beforeAll(async () => {
    azurite = await startAzurite();
    config = parseConfig({ STORAGE: azurite.connectionString });
    program = await createProgram(config, { connectionString: azurite.connectionString }, silent);
  });
  afterAll(() => azurite.close());

  test('over a storage without containers fails with exit code 1', async () => {
    expect(await housekeep(config, silent, never, once)).toBe(1);
  });

  test('T3: queues what no event told of, removes what is left over, and exits with 0', async () => {
    await Promise.all([program.blobs.create(), program.state.create()]);
    const options = { contentType: 'image/jpeg', condition: 'new' } as const;
    await program.blobs.write('in/cat.jpg', Buffer.from('cat'), options);
    const labels = { state: 'claim' };
    await program.state.write('analysis/0/0.json', Buffer.from('{}'), { ...options, metadata: labels });
    const said: object[] = [];
    const log: Log = { ...silent, info: (fields) => said.push(fields), warn: () => {}, error: () => {} };
    expect(await housekeep(config, log, never, once)).toBe(0);
    expect(said).toMatchObject([{ status: 'done', images: 1, queued: 1, claimsRemoved: 0 }]);
    const [message] = await program.events.peek(9);
    expect(JSON.parse(Buffer.from(message?.text ?? '', 'base64').toString())).toMatchObject({
      ...{ container: 'images', name: 'in/cat.jpg' },
    });
    // The date of the first start is noted, for BACKFILL=off.
    expect(await program.state.head('first-start')).not.toBeNull();
  });

  test('B13: goes on past a name that breaks every listing', async () => {
    const service = await connectStorage({ connectionString: azurite.connectionString });
    const images = service.getContainerClient('images');
    for (const name of ['in/cow\u0001.jpg', 'in/dog.jpg'])
      await images.getBlockBlobClient(name).upload('x', 1);
    const said: object[] = [];
    const log: Log = { ...silent, info: (fields) => said.push(fields), warn: () => {}, error: () => {} };
    expect(await housekeep(config, log, never, once)).toBe(0);
    expect(said).toMatchObject([{ status: 'done', images: 2, queued: 2, skippedRanges: 0 }]);
  });

  test('that is told to stop before it begins exits with 0', async () => {
    expect(await housekeep(config, silent, AbortSignal.abort(), once)).toBe(0);
  });
});

describe('on its schedule', () => {
  /** Runs of a house until there were so many, and the times they began or failed at. */
  async function times(
    house: House,
    runs: number,
    {
      schedule = '0 0 * * * *',
      blobs = house.blobs,
    }: { readonly schedule?: string; readonly blobs?: Blobs } = {},
  ): Promise<string[]> {
    const stop = new AbortController();
    const seen: string[] = [];
    const note = () => {
      seen.push(new Date(house.clock.now()).toISOString().slice(0, 16));
      if (seen.length === runs) stop.abort();
    };
    const log: Log = { info: note, warn: () => {}, error: note };
    const config = parseConfig({
      STORAGE: 'UseDevelopmentStorage=true',
      HOUSEKEEPING_SCHEDULE: schedule,
    });
    const household = house.household({ blobs });
    await house.clock.runUntilSettled(runOnSchedule(household, config, { log, signal: stop.signal }));
    return seen;
  }

  test('there is a run whenever it says, until the signal aborts', async () => {
    expect(await times(new House(), 3, { schedule: '0 30 6 * * *' })).toEqual([
      '2026-01-02T06:30',
      '2026-01-03T06:30',
      '2026-01-04T06:30',
    ]);
  });

  test('T2: runs that were missed since one took five hours come once', async () => {
    const house = new House();
    let pages = 0;
    const blobs = over(house.blobs, {
      async page(options) {
        if (++pages === 1) house.clock.advance(5 * 60 * 60_000 + 60_000);
        return house.blobs.page(options);
      },
    });
    expect(await times(house, 3, { blobs })).toEqual([
      '2026-01-01T18:01',
      '2026-01-01T19:00',
      '2026-01-01T20:00',
    ]);
  });

  test('a run that fails is told, and the next one comes all the same', async () => {
    const house = new House();
    let pages = 0;
    const blobs = over(house.blobs, {
      async page(options) {
        if (++pages === 1) throw new FailedError('storage-unavailable');
        return house.blobs.page(options);
      },
    });
    expect(await times(house, 2, { blobs })).toEqual(['2026-01-01T13:00', '2026-01-01T14:00']);
  });
});
