import { describe, expect, test } from '@jest/globals';
import { createBatch } from '../../../core/batch/batches.ts';
import { type BatchOptions, isFinished } from '../../../core/batch/record.ts';
import { cancelBatch } from '../../../core/batch/turns.ts';
import { FailedError } from '../../../core/errors.ts';
import { ACTIVITIES } from '../../../functions/batch/names.ts';
import { orchestrate } from '../../../functions/batch/orchestrate.ts';
import { faultsOf, Workplace } from '../../core/batch/workplace.ts';
import { activitiesOf } from './activities.ts';
import { DurableHost, type DurableHostOptions } from './durable-host.ts';

const IMAGES = 1_000;
const ASKED: BatchOptions = {
  ...{ prefix: '', targets: null, force: false, stale: false, maxParallel: 4, dryRun: false },
};

const nameOf = (number: number) => `in/${`${number}`.padStart(4, '0')}.jpg`;

async function dropAll(place: Workplace, count = IMAGES): Promise<void> {
  for (let number = 0; number < count; number++) await place.drop(nameOf(number));
}

async function start(
  place: Workplace,
  more: Partial<DurableHostOptions> = {},
  options: Partial<BatchOptions> = {},
) {
  const batching = place.batching();
  const { id } = await createBatch(batching, { ...ASKED, ...options });
  const host = new DurableHost({
    clock: place.clock,
    orchestrate,
    activities: activitiesOf(batching),
    ...more,
  });
  return { id, host, run: () => host.run(id, { id }) };
}

describe(`a batch of ${IMAGES} images on Functions`, () => {
  test('describes all of them, its progress moves, its history stays short, and its end is told once', async () => {
    const place = new Workplace();
    await dropAll(place);
    const { id, host, run } = await start(place);
    await place.clock.runUntilSettled(run());
    const record = await place.record(id);
    expect(record).toMatchObject({ status: 'completed', visionCalls: IMAGES, todo: [] });
    expect(record.counts).toMatchObject({ listed: IMAGES, described: IMAGES, remaining: 0 });
    expect(faultsOf(record)).toEqual([]);
    expect(place.told.map((told) => told.id)).toEqual([id]);
    const described = host.statuses.map(
      (status) => (status as { counts: { described: number } }).counts.described,
    );
    expect(described).toEqual(described.toSorted((a, b) => a - b));
    expect(new Set(described).size).toBeGreaterThan(200);
    expect(host.generations).toBeGreaterThan(10);
    expect(host.mostEvents).toBeLessThan(250);
  });

  test('ends within five seconds when it is cancelled, with no claim left behind', async () => {
    const place = new Workplace();
    place.latencyMs = 20_000;
    await dropAll(place);
    const { id, run } = await start(place);
    const cancelled = async () => {
      await place.until(async () => (await place.record(id)).counts.listed > 0);
      await place.sleep(25_000);
      await cancelBatch(id, place.batching());
      const from = place.clock.elapsed();
      await place.until(async () => isFinished(await place.record(id)));
      return place.clock.elapsed() - from;
    };
    const [took] = await place.clock.runUntilSettled(Promise.all([cancelled(), run()]));
    expect(took).toBeLessThanOrEqual(5_000);
    const record = await place.record(id);
    expect(record.status).toBe('cancelled');
    expect(faultsOf(record)).toEqual([]);
    expect(record.counts.described).toBe(4);
    const { blobs: analyses } = await place.state.page({ prefix: 'analysis/', size: 5_000 });
    expect(analyses.filter(({ metadata }) => metadata.state === 'claim')).toEqual([]);
  });

  test.each([2, 7, 23])('adds up where the process dies at every %i-th answer', async (often) => {
    const place = new Workplace();
    await dropAll(place, 200);
    const { id, run } = await start(place, { dies: (completions) => completions % often === 0 });
    await place.clock.runUntilSettled(run());
    const record = await place.record(id);
    expect(record.status).toBe('completed');
    expect(faultsOf(record)).toEqual([]);
    const { described, unchanged } = record.counts;
    expect(described + unchanged).toBe(200);
    // A name is paid for again only by someone whose claim nobody else had.
    expect(new Set(place.paid).size).toBe(place.paid.length);
  });
});

describe('a batch on Functions', () => {
  test('waits while it is paused, and goes on then', async () => {
    const place = new Workplace();
    place.isPaused = true;
    await dropAll(place, 3);
    const batching = place.batching();
    const settings = {
      ...batching.settings,
      get isPaused() {
        return place.isPaused;
      },
    };
    const { id, run } = await start(place, { activities: activitiesOf({ ...batching, settings }) });
    const resumed = async () => {
      await place.until(async () => (await place.record(id)).waitingUntil !== null);
      expect(await place.record(id)).toMatchObject({ status: 'running', problem: { code: 'paused' } });
      expect(place.paid).toEqual([]);
      place.isPaused = false;
    };
    await place.clock.runUntilSettled(Promise.all([resumed(), run()]));
    expect(await place.record(id)).toMatchObject({
      status: 'completed',
      problem: null,
      counts: { described: 3 },
    });
  });

  test('tries what storage refuses again, and says in its record when it gives up', async () => {
    const place = new Workplace();
    await dropAll(place, 3);
    const batching = place.batching();
    let failures = 0;
    const refused = async () => {
      failures++;
      throw new FailedError('storage-unavailable');
    };
    const { id, run } = await start(place, {
      activities: { ...activitiesOf(batching), [ACTIVITIES.describe]: refused },
    });
    await place.clock.runUntilSettled(run());
    expect(await place.record(id)).toMatchObject({
      status: 'failed',
      problem: { code: 'storage-unavailable' },
    });
    expect(failures).toBe(3 * 4);
    expect(place.told.map(({ status }) => status)).toEqual(['failed']);
  });

  test('has nothing to do where there is no such batch', async () => {
    const place = new Workplace();
    const { host } = await start(place);
    await place.clock.runUntilSettled(host.run('f'.repeat(32), { id: 'f'.repeat(32) }));
    expect(host.generations).toBe(1);
  });
});

test('an orchestrator that does something else when it is played again is found out', async () => {
  const place = new Workplace();
  await dropAll(place, 3);
  let turns = 0;
  const { run } = await start(place, {
    async orchestrate(trigger, context) {
      const state = (await orchestrate(trigger, context)) as { actions: { functionName?: string }[][] };
      const [first] = state.actions[0] ?? [];
      // As one that asks the time or draws lots would.
      if (first && turns++ > 0) first.functionName = ACTIVITIES.fail;
      return state;
    },
  });
  await expect(place.clock.runUntilSettled(run())).rejects.toThrow('not deterministic');
});
