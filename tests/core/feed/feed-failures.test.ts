import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Feed } from '../../../core/feed/feed.ts';
import { feedName } from '../../../core/feed/feed-name.ts';
import { Outbox } from '../../../core/notify/outbox.ts';
import { OutgoingTelemetry } from '../../../core/telemetry/outgoing.ts';
import { until } from '../../crash/until.ts';
import { type Decide, faultyBlobs } from '../../memory/faults.ts';
import { MemoryBlobs } from '../../memory/memory-blobs.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { toldLog } from '../notify/told-log.ts';
import { recordTelemetry } from '../recorded-telemetry.ts';

let telemetry: ReturnType<typeof recordTelemetry>;
beforeEach(() => {
  telemetry = recordTelemetry();
});
afterEach(() => telemetry.stop());

function start(decide: Decide, max?: number) {
  const clock = new SimulatedClock();
  const log = toldLog();
  const outbox = new Outbox({ clock, ...(max === undefined ? {} : { max }) });
  const entries = new MemoryBlobs(clock, 'feed');
  const feed = new Feed({
    ...{ blobs: new MemoryBlobs(clock), feed: faultyBlobs(entries, decide) },
    ...{ outbox, log, telemetry: new OutgoingTelemetry() },
  });
  const take = (name: string) => feed.take({ kind: 'edit', name, etag: '0x1', bytes: Buffer.from('{}') });
  return { clock, log, outbox, entries, take };
}

const outcomes = () => telemetry.counts.map(({ attributes }) => attributes['feed.outcome']);

test('an entry that could not be written is counted and told, once', async () => {
  const { take, outbox, log } = start(() => 'fails');
  take('a.jpg');
  await until(async () => outbox.waiting === 0);
  expect(outcomes()).toEqual(['failed']);
  expect(log.errors).toEqual([
    expect.objectContaining({ name: 'a.jpg', message: 'the feed was not written' }),
  ]);
});

test('storage that hangs keeps a bounded number waiting, and what is left when the program ends is told', async () => {
  const { promise: hung, resolve } = Promise.withResolvers<'fails'>();
  const { clock, take, outbox, log, entries } = start(() => hung, 2);
  for (const name of ['a.jpg', 'b.jpg', 'c.jpg']) take(name);
  expect([outbox.waiting, outcomes()]).toEqual([2, ['full']]);
  const closed = outbox.close(5_000);
  clock.advance(5_000);
  await closed;
  expect(outcomes()).toEqual(['full', 'stopped', 'stopped']);
  expect(log.errors).toHaveLength(3);
  expect(await entries.head(feedName('a.jpg'))).toBeNull();
  resolve('fails');
});
