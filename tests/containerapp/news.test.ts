import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parseConfig } from '../../core/config.ts';
import { feedName } from '../../core/feed/feed-name.ts';
import { createLog } from '../../core/log.ts';
import { createProgram } from '../../core/program.ts';
import { encodeEvent } from '../../core/queue/message.ts';
import { startAzurite } from '../azurite.ts';
import { hang } from '../faults/behaviour.ts';
import { startWebhookServer, type WebhookServer } from '../faults/webhook-server.ts';
import { photo } from '../fixtures/images/photo.ts';
import { AMPLE_MS } from '../until.ts';
import { startCommand } from './command.ts';

/** The command `work` in a process of its own, whose receiver hangs. */

let azurite: Awaited<ReturnType<typeof startAzurite>>;
let receiver: WebhookServer;
beforeAll(async () => {
  azurite = await startAzurite();
  receiver = await startWebhookServer(hang());
});
afterAll(async () => {
  await receiver.close();
  await azurite.close();
});

test('a worker that is asked to end says which event it could not tell, and ends', async () => {
  const settings = {
    ...{ STORAGE: azurite.connectionString, FEED_CONTAINER: 'feed' },
    ...{ WEBHOOK_URL: receiver.url, WEBHOOK_SECRET: receiver.secret },
  };
  const storage = { connectionString: azurite.connectionString };
  const program = await createProgram(parseConfig(settings), storage, createLog('silent'));
  const { blobs, state, events, feed } = program;
  await Promise.all([blobs, state, events, feed?.blobs].map((place) => place?.create()));
  const jpeg = await photo({ width: 64, height: 64 });
  await blobs.write('cat.jpg', jpeg, { contentType: 'image/jpeg', condition: 'new' });
  await events.send(encodeEvent({ container: blobs.container, name: 'cat.jpg' }));

  const arrival = receiver.arrival(AbortSignal.timeout(AMPLE_MS));
  const worker = startCommand(['work'], { settings });
  await arrival;
  await worker.says(/"outcome":"done"/);
  worker.kill('SIGTERM');
  expect(await worker.ended).toBe(0);
  expect(worker.output()).toMatch(/"name":"cat.jpg".*"reason":"stopped".*the webhook was not told/);
  expect(worker.output()).not.toMatch(/hidden|whsec/);
  expect(await feed?.blobs.head(feedName('cat.jpg'))).not.toBeNull();
});
