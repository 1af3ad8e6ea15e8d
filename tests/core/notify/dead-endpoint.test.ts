import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createNewsDesk } from '../../../core/notify/create.ts';
import type { NewsDesk } from '../../../core/notify/news-desk.ts';
import { hang } from '../../faults/behaviour.ts';
import { startWebhookServer, type WebhookServer } from '../../faults/webhook-server.ts';
import { faultyBlobs } from '../../memory/faults.ts';
import { MemoryBlobs } from '../../memory/memory-blobs.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { until } from '../../until.ts';
import { recordTelemetry } from '../recorded-telemetry.ts';
import { toldLog } from './told-log.ts';

let server: WebhookServer;
let telemetry: ReturnType<typeof recordTelemetry>;
let clock: SimulatedClock;
let log: ReturnType<typeof toldLog>;
let news: NewsDesk;
beforeEach(async () => {
  server = await startWebhookServer(hang());
  telemetry = recordTelemetry();
  clock = new SimulatedClock();
  log = toldLog();
  news = createNewsDesk({
    ...{ blobs: new MemoryBlobs(clock), feed: null, clock, log },
    ...{ webhookUrl: server.url, webhookSecret: async () => server.secret },
  });
});
afterEach(async () => {
  telemetry.stop();
  await server.close();
});

const outcomes = (outcome: string) =>
  telemetry.counts.filter(({ attributes }) => attributes['webhook.outcome'] === outcome).length;

function tell(count: number): void {
  for (let number = 0; number < count; number++) {
    news.tell({
      ...{ kind: 'error', name: `${number}.jpg`, etag: '0x1' },
      problem: {
        ...{ type: 'image-corrupt', code: 'image-corrupt', title: 'Damaged.', status: 422 },
        ...{ instance: `${number}.jpg`, sourceEtag: '0x0', retryable: false, attempts: 1, nextTryAt: null },
      },
    });
  }
}

test('a receiver that hangs keeps 1,000 events and four connections; each one more is lost, and told so', async () => {
  tell(1_100);
  await until('four calls', () => server.calls === 4);
  expect([outcomes('full'), log.errors.length]).toEqual([100, 100]);
  expect(log.errors.at(-1)).toMatchObject({ name: '1099.jpg', reason: 'full', type: 'prompt.failed' });
  const closed = news.close();
  clock.advance(5_000);
  await closed;
  expect([server.calls, outcomes('stopped'), log.errors.length]).toEqual([4, 1_000, 1_100]);
});

describe('Whoever waits for what was told in the course of some work', () => {
  /** Milliseconds of the clock until the work has ended, with one event that was told in the course of it. */
  async function working(told = 1): Promise<number> {
    const from = clock.elapsed();
    await clock.runUntilSettled(news.during(async () => tell(told)));
    return clock.elapsed() - from;
  }

  async function end(): Promise<void> {
    const closed = news.close();
    clock.advance(5_000);
    await closed;
  }

  test('waits five seconds for a receiver that hangs, and then not at all for a minute', async () => {
    expect(await working()).toBe(5_000);
    for (let image = 0; image < 5; image++) expect(await working()).toBe(0);
    // They are attempted all the same.
    await until('calls', () => server.calls === 4);
    clock.advance(60_000);
    expect(await working()).toBe(5_000);
    await end();
  });

  test('waits as long as was asked for', async () => {
    const waiting = news.during(async () => tell(1), 2_000);
    await until('calls', () => server.calls === 1);
    clock.advance(1_999);
    let isOver = false;
    const over = waiting.then(() => {
      isOver = true;
    });
    await new Promise(setImmediate);
    expect(isOver).toBe(false);
    clock.advance(1);
    await over;
    await end();
  });

  test('does not wait for what others told', async () => {
    tell(4);
    await until('calls', () => server.calls === 4);
    expect(await working(0)).toBe(0);
    await end();
  });

  test('has its result or its error at once, where nothing was told', async () => {
    expect(await news.during(async () => 'result')).toBe('result');
    await expect(news.during(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    await end();
  });
});

test('storage that hangs keeps 250 entries of the feed; each one more is lost, and told so', async () => {
  const { promise: hung, resolve } = Promise.withResolvers<'fails'>();
  const feed = faultyBlobs(new MemoryBlobs(clock, 'feed'), () => hung);
  const desk = createNewsDesk({
    ...{ blobs: new MemoryBlobs(clock), feed, clock, log },
    ...{ webhookUrl: undefined, webhookSecret: async () => null },
  });
  for (let number = 0; number < 300; number++) {
    desk.tell({ kind: 'edit', name: `${number}.jpg`, etag: '0x1', bytes: Buffer.from('{}') });
  }
  const full = telemetry.counts.filter(({ attributes }) => attributes['feed.outcome'] === 'full');
  expect([full.length, log.errors.length]).toEqual([50, 50]);
  const closed = desk.close();
  clock.advance(5_000);
  await closed;
  resolve('fails');
});
