import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { FailedError } from '../../../core/errors.ts';
import { createLog } from '../../../core/log.ts';
import { METRICS } from '../../../core/telemetry.ts';
import { recordTelemetry } from '../recorded-telemetry.ts';
import { House, inPages, over } from './swept.ts';

let recorded: ReturnType<typeof recordTelemetry>;
beforeEach(() => {
  recorded = recordTelemetry();
});
afterEach(() => recorded.stop());

const LEVELS = [
  METRICS.queueLength,
  METRICS.poisonLength,
  METRICS.oldestWithoutPrompt,
  METRICS.visionCallsToday,
];
const shown = () => LEVELS.map((name) => recorded.gauge(name).map(({ value }) => value));
const beats = () =>
  recorded.counts
    .filter(({ name }) => name === METRICS.heartbeat)
    .map(({ attributes }) => `${attributes['housekeeping.status']} ${attributes['housekeeping.audit']}`);

const MINUTE_MS = 60_000;

async function paidFor(house: House): Promise<void> {
  await house.state.write('analysis/aa/1.json', Buffer.from('{}'), {
    ...{ contentType: 'application/json', condition: 'new', metadata: { state: 'analysis' } },
  });
}

test('the gauges show what the last run found, and nothing before one', async () => {
  const house = new House();
  const household = house.household();
  expect(shown()).toEqual([[], [], [], []]);
  await house.drop('cat.jpg');
  await house.poison.send('x');
  await paidFor(house);
  house.clock.advance(42_000);
  await house.housekeep({}, { others: household });
  expect(shown()).toEqual([[0], [1], [42], [1]]);
  await house.blobs.remove('cat.jpg');
  await house.housekeep({}, { others: household });
  expect(shown()).toEqual([[1], [1], [0], [1]]);
});

test('a run that does not come to its end tells what lies in the queues all the same', async () => {
  const house = new House();
  const household = house.household({ blobs: broken(house) });
  await house.events.send('x');
  await house.poison.send('x');
  await expect(house.housekeep({}, { others: household })).rejects.toThrow('storage-unavailable');
  expect(shown()).toEqual([[1], [1], [], []]);
});

test('a run that only rehearses tells what really lies there', async () => {
  const house = new House();
  await house.events.send('x');
  await house.housekeep({ DRY_RUN: 'true' }, { others: house.household() });
  expect(shown()).toEqual([[1], [0], [0], [0]]);
});

test('queues that cannot be counted are told of, and the run goes on', async () => {
  const house = new House();
  await house.drop('cat.jpg');
  const poison = Object.assign(Object.create(house.poison), {
    length: async () => {
      throw new FailedError('storage-unavailable');
    },
  });
  const warned: string[] = [];
  const log = { ...createLog('silent'), warn: (_fields: object, message: string) => warned.push(message) };
  await expect(house.housekeep({}, { log, others: { poison } })).rejects.toThrow('storage-unavailable');
  expect(warned).toEqual(['the lengths of the queues are not known']);
  expect(await house.take()).toHaveLength(1);
});

test('what no later run finds again is shown for a little more than an hour', async () => {
  const house = new House();
  const household = house.household();
  await house.drop('cat.jpg');
  house.clock.advance(8_000_000);
  await house.housekeep({}, { others: household });
  house.clock.advance(74 * MINUTE_MS);
  expect(shown()).toEqual([[0], [0], [8_000], [0]]);
  await expect(house.housekeep({}, { others: { ...household, blobs: broken(house) } })).rejects.toThrow(
    'storage-unavailable',
  );
  house.clock.advance(MINUTE_MS);
  expect(shown()).toEqual([[1], [0], [], []]);
});

test("a day's calls are shown on that day only", async () => {
  const house = new House();
  const household = house.household();
  // It is noon.
  house.clock.advance(11 * 60 * MINUTE_MS + 59 * MINUTE_MS);
  await paidFor(house);
  await house.housekeep({}, { others: household });
  expect(shown()).toEqual([[0], [0], [0], [1]]);
  house.clock.advance(MINUTE_MS);
  expect(shown()).toEqual([[0], [0], [0], []]);
});

test('every run that ends is a heartbeat, by how it ended and how much it saw', async () => {
  const house = new House();
  await Promise.all([house.housekeep(), house.housekeep()]);
  await house.housekeep({}, { signal: AbortSignal.abort() });
  await expect(house.housekeep({}, { others: { blobs: broken(house) } })).rejects.toThrow(
    'storage-unavailable',
  );
  expect(beats().sort()).toEqual(['busy none', 'done whole', 'failed none', 'stopped none']);
});

test('a run that is stopped on its way saw a part', async () => {
  const house = new House();
  await Promise.all(['a.jpg', 'b.jpg', 'c.jpg'].map((name) => house.drop(name)));
  const stop = new AbortController();
  const blobs = over(inPages(house.blobs, 1), {
    async page(options) {
      if (options.marker) stop.abort();
      return inPages(house.blobs, 1).page(options);
    },
  });
  await house.housekeep({}, { signal: stop.signal, others: { blobs } });
  expect(beats()).toEqual(['stopped part']);
  expect(shown().at(2)).toEqual([]);
});

function broken(house: House) {
  return over(house.blobs, {
    async page() {
      throw new FailedError('storage-unavailable');
    },
  });
}
