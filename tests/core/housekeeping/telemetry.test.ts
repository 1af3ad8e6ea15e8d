import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { FailedError } from '../../../core/errors.ts';
import { METRICS } from '../../../core/telemetry.ts';
import { recordTelemetry } from '../recorded-telemetry.ts';
import { House, over } from './swept.ts';

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
    .map(({ attributes }) => attributes['housekeeping.status']);

test('the gauges show what the last run found, and nothing before one', async () => {
  const house = new House();
  const household = house.household();
  expect(shown()).toEqual([[], [], [], []]);
  await house.drop('cat.jpg');
  await house.poison.send('x');
  await house.state.write('analysis/aa/1.json', Buffer.from('{}'), {
    ...{ contentType: 'application/json', condition: 'new', metadata: { state: 'analysis' } },
  });
  house.clock.advance(42_000);
  await house.housekeep({}, { others: household });
  expect(shown()).toEqual([[1], [1], [42], [1]]);
  await house.blobs.remove('cat.jpg');
  await house.take();
  await house.housekeep({}, { others: household });
  expect(shown()).toEqual([[0], [1], [0], [1]]);
});

test('every run that ends is a heartbeat, by how it ended', async () => {
  const house = new House();
  await Promise.all([house.housekeep(), house.housekeep()]);
  await house.housekeep({}, { signal: AbortSignal.abort() });
  const blobs = over(house.blobs, {
    async page() {
      throw new FailedError('storage-unavailable');
    },
  });
  await expect(house.housekeep({}, { others: { blobs } })).rejects.toThrow('storage-unavailable');
  expect(beats().sort()).toEqual(['busy', 'done', 'failed', 'stopped']);
});
