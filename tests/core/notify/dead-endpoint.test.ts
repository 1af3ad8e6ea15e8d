import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createNewsDesk } from '../../../core/notify/create.ts';
import type { NewsDesk } from '../../../core/notify/news-desk.ts';
import { until } from '../../crash/until.ts';
import { hang } from '../../faults/behaviour.ts';
import { startWebhookServer, type WebhookServer } from '../../faults/webhook-server.ts';
import { MemoryBlobs } from '../../memory/memory-blobs.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
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
  await until(async () => server.calls === 4);
  expect([outcomes('full'), log.errors.length]).toEqual([100, 100]);
  expect(log.errors.at(-1)).toMatchObject({ name: '1099.jpg', reason: 'full', type: 'prompt.failed' });
  const closed = news.close();
  clock.advance(5_000);
  await closed;
  expect([server.calls, outcomes('stopped'), log.errors.length]).toEqual([4, 1_000, 1_100]);
});

test('nobody waits longer for it than the bound of a flush', async () => {
  tell(1);
  await until(async () => server.calls === 1);
  const flushed = news.flush(2_000);
  clock.advance(2_000);
  await flushed;
  const closed = news.close();
  clock.advance(5_000);
  await closed;
  expect(outcomes('stopped')).toBe(1);
});
