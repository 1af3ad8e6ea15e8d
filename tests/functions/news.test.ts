import { InvocationContext } from '@azure/functions';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createBatch } from '../../core/batch/batches.ts';
import { feedName } from '../../core/feed/feed-name.ts';
import { encodeEvent } from '../../core/queue/message.ts';
import { describe, next } from '../../functions/batch/activities.ts';
import { handleActivity } from '../../functions/batch/register.ts';
import { handleBlob } from '../../functions/describe-image.ts';
import { handleQueued } from '../../functions/describe-queued.ts';
import { startAzurite } from '../azurite.ts';
import { respond } from '../faults/behaviour.ts';
import { startWebhookServer, type WebhookServer } from '../faults/webhook-server.ts';
import { photo } from '../fixtures/images/photo.ts';
import { startFunctions } from './program.ts';

/** An instance may be frozen when its function has returned: what is told must have been told by then. */

let azurite: Awaited<ReturnType<typeof startAzurite>>;
let receiver: WebhookServer;
let running: Awaited<ReturnType<typeof startFunctions>>;
let jpeg: Buffer;
/** The images whose events were taken. */
const answered: string[] = [];
/** Longer than what a handler has still to do after a prompt was written. */
const LATENCY_MS = 500;

beforeAll(async () => {
  azurite = await startAzurite();
  receiver = await startWebhookServer((event, response) => {
    setTimeout(() => {
      answered.push(JSON.parse(event.body).name);
      response.writeHead(204).end();
    }, LATENCY_MS);
  });
  running = await startFunctions({
    ...{ STORAGE: azurite.connectionString, FEED_CONTAINER: 'feed' },
    ...{ WEBHOOK_URL: receiver.url, WEBHOOK_SECRET: receiver.secret },
  });
  await running.program.feed?.blobs.create();
  jpeg = await photo({ width: 64, height: 64 });
});
afterAll(async () => {
  await running.program.news.close(1_000);
  await receiver.close();
  await azurite.close();
});

const hosted = () => ({ ...running, program: async () => running.program });
const context = (triggerMetadata: Record<string, unknown>) =>
  new InvocationContext({ triggerMetadata, logHandler: () => {} });

async function drop(name: string): Promise<void> {
  await running.program.blobs.write(name, jpeg, { contentType: 'image/jpeg', condition: 'any' });
}

const isMirrored = async (name: string) => (await running.program.feed?.blobs.head(feedName(name))) !== null;

test('a function that was told of a blob returns when its prompt was told and mirrored', async () => {
  await drop('blob.jpg');
  await handleBlob(hosted())(Buffer.alloc(0), context({ name: 'blob.jpg' }));
  expect(answered).toEqual(['blob.jpg']);
  expect(await isMirrored('blob.jpg')).toBe(true);
});

test('so does one that took it from the queue', async () => {
  await drop('queued.jpg');
  const { container } = running.program.blobs;
  await handleQueued(hosted())(encodeEvent({ container, name: 'queued.jpg' }), context({ dequeueCount: 1 }));
  expect(answered).toEqual(['blob.jpg', 'queued.jpg']);
  expect(await isMirrored('queued.jpg')).toBe(true);
});

test('a receiver that wants to be asked later is not waited for', async () => {
  receiver.script(respond(429, 'slowly', { 'retry-after': '300' }));
  await drop('later.jpg');
  await handleBlob(hosted())(Buffer.alloc(0), context({ name: 'later.jpg' }));
  expect(receiver.requests.some(({ body }) => JSON.parse(body).name === 'later.jpg')).toBe(true);
  expect(answered).not.toContain('later.jpg');
});

test('an image of a batch that was described was told when its activity returns', async () => {
  const { blobs, batching } = running.program;
  const name = 'of-a-batch.jpg';
  await blobs.write(name, jpeg, { contentType: 'image/jpeg', condition: 'new' });
  const options = { prefix: name, targets: null, force: false, stale: false, maxParallel: 1, dryRun: false };
  const { id } = await createBatch(batching, options);
  const program = async () => running.program;
  await handleActivity({ program }, next)(id, new InvocationContext());
  await handleActivity({ program }, describe)({ id, name }, new InvocationContext());
  expect(answered).toContain(name);
});
