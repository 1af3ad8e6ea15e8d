import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import type { ErrorDocument } from '../../../core/describe/news.ts';
import { webhookEvent, webhookSchema } from '../../../core/notify/event.ts';
import { batchEvent, eventOf, type ToldNews } from '../../../core/notify/make-event.ts';
import { MemoryBlobs } from '../../memory/memory-blobs.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { finishedBatch } from './finished-batch.ts';

const clock = new SimulatedClock();
const blobs = new MemoryBlobs(clock);

const PROBLEM: ErrorDocument = {
  type: 'image-corrupt',
  code: 'image-corrupt',
  title: 'The image is damaged and cannot be decoded.',
  status: 422,
  instance: 'a b/cat.jpg',
  sourceEtag: '0x1',
  retryable: false,
  attempts: 1,
  nextTryAt: null,
};

const failure = (etag = '0x2', name = 'a b/cat.jpg'): ToldNews => ({
  ...{ kind: 'error', name, etag, problem: PROBLEM },
});

const failed = eventOf(failure(), blobs, clock.now());
const finished = batchEvent(finishedBatch('b1'), 'images', clock.now());

test('schemas/webhook.v1.json is the one of the code', async () => {
  const committed = await readFile(new URL('../../../schemas/webhook.v1.json', import.meta.url), 'utf8');
  expect(JSON.parse(committed)).toEqual(JSON.parse(JSON.stringify(webhookSchema())));
});

test.each([
  ['an error', failed],
  ['a batch', finished],
])('the event of %s is flat, with every field of the schema', (_name, event) => {
  expect(webhookEvent.strict().parse(event)).toEqual(event);
  const nested = Object.values(event).filter((value) => value !== null && typeof value === 'object');
  expect(nested).toEqual([]);
});

test('an error is told with the addresses of its image and of itself', () => {
  expect(failed).toMatchObject({
    ...{ type: 'prompt.failed', container: 'images', name: 'a b/cat.jpg', etag: '0x1' },
    url: 'https://memory.blob.core.windows.net/images/a%20b/cat.jpg',
    errorUrl: 'https://memory.blob.core.windows.net/images/a%20b/cat.jpg.prompt.error.json',
    ...{ code: 'image-corrupt', title: PROBLEM.title, retryable: false, attempts: 1, prompt: null },
  });
});

test('a batch is told with its counts', () => {
  expect(finished).toMatchObject({
    ...{ type: 'batch.finished', batchId: 'b1', batchStatus: 'completed', batchPrefix: 'holiday/' },
    ...{ listed: 3, described: 2, reused: 1, refused: 1, failed: 0, visionCalls: 1, name: null },
  });
});

test('the id is that of what is told: the same for the same, another for another version, name or kind', () => {
  const later = eventOf(failure(), blobs, clock.now() + 60_000);
  expect(later.id).toBe(failed.id);
  const others = [failure('0x3'), failure('0x2', 'dog.jpg')].map((news) => eventOf(news, blobs, 0).id);
  expect(new Set([failed.id, finished.id, ...others]).size).toBe(4);
});
