import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { ErrorDocument } from '../../../core/describe/news.ts';
import { Feed } from '../../../core/feed/feed.ts';
import { feedName } from '../../../core/feed/feed-name.ts';
import { Outbox } from '../../../core/notify/outbox.ts';
import { OutgoingTelemetry } from '../../../core/telemetry/outgoing.ts';
import { type Decide, faultyBlobs } from '../../memory/faults.ts';
import { MemoryBlobs } from '../../memory/memory-blobs.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { until } from '../../until.ts';
import { toldLog } from '../notify/told-log.ts';
import { recordTelemetry } from '../recorded-telemetry.ts';

const PROBLEM: ErrorDocument = {
  ...{ type: 'image-corrupt', code: 'image-corrupt', title: 'The image is damaged.', status: 422 },
  ...{ instance: 'a.jpg', sourceEtag: '0x1', retryable: false, attempts: 1, nextTryAt: null },
};

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
  return { clock, log, outbox, entries, feed, take };
}

const outcomes = () => telemetry.counts.map(({ attributes }) => attributes['feed.outcome']);

test('an entry that could not be written is counted and told, once', async () => {
  const { take, outbox, log } = start(() => 'fails');
  take('a.jpg');
  await until('nothing waits', () => outbox.waiting === 0);
  expect(outcomes()).toEqual(['failed']);
  expect(log.errors).toEqual([
    expect.objectContaining({ name: 'a.jpg', message: 'the feed was not written' }),
  ]);
});

test('a removal does not overtake the writing of the prompt that it follows', async () => {
  const written = Promise.withResolvers<'ok'>();
  const { feed, outbox, entries, take } = start(({ operation }) =>
    operation === 'write' ? written.promise : 'ok',
  );
  take('a.jpg');
  feed.take({ kind: 'error', name: 'a.jpg', etag: '0x2', problem: PROBLEM });
  // More than a removal from memory takes.
  for (let turns = 0; turns < 20; turns++) await turn();
  written.resolve('ok');
  await until('nothing waits', () => outbox.waiting === 0);
  expect(await entries.head(feedName('a.jpg'))).toBeNull();
  expect(outcomes()).toEqual(['written', 'removed']);
});

test('an error of an image that has no entry is not counted', async () => {
  const { feed, outbox } = start(() => 'ok');
  feed.take({ kind: 'error', name: 'a.jpg', etag: '0x2', problem: PROBLEM });
  await until('nothing waits', () => outbox.waiting === 0);
  expect(outcomes()).toEqual([]);
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
