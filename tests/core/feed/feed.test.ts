import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeImage } from '../../../core/describe/describe-image.ts';
import { feedName } from '../../../core/feed/feed-name.ts';
import { promptName } from '../../../core/store/names.ts';
import { startAzurite } from '../../azurite.ts';
import { type Member, type Site, startSite } from '../../crash/site.ts';
import { startWebhookServer, type WebhookServer } from '../../faults/webhook-server.ts';
import { photo } from '../../fixtures/images/photo.ts';
import { AMPLE_MS } from '../../until.ts';

/** The feed and the webhook behind the state machine, over Azurite and a receiver on a socket. */

let azurite: Awaited<ReturnType<typeof startAzurite>>;
let site: Site;
let receiver: WebhookServer;
let told: Member;
let jpeg: Buffer;
beforeAll(async () => {
  azurite = await startAzurite();
  site = await startSite(azurite.connectionString);
  receiver = await startWebhookServer();
  told = await site.join({
    ...{ FEED_CONTAINER: 'feed', WEBHOOK_URL: receiver.url, WEBHOOK_SECRET: receiver.secret },
    ...{ AUTH: 'none' },
  });
  await told.program.feed?.blobs.create();
  jpeg = await photo({ width: 64, height: 64 });
});
afterAll(async () => {
  await told.program.news.close(1_000);
  await receiver.close();
  await site.close();
  await azurite.close();
});

async function describeBy({ program, proxy }: Member, name: string, force = false) {
  const before = proxy.exchanges.length;
  const signal = AbortSignal.timeout(AMPLE_MS);
  const event = { container: program.blobs.container, name };
  const run = () => describeImage(event, program.blobs, program.settings, { force, signal });
  const { status } = await program.news.during(run, 10_000);
  const exchanges = proxy.exchanges.slice(before);
  return { status, requests: exchanges.map((each) => `${each.label} ${each.status} ${each.name}`) };
}

async function text(from: 'feed' | 'images', name: string): Promise<string | null> {
  const { feed, blobs } = told.program;
  const blob = await (from === 'feed' ? feed?.blobs : blobs)?.read(name, { maxBytes: 1e6 });
  return blob ? Buffer.from(blob.bytes ?? []).toString() : null;
}

/** What the receiver was told of an image. */
const eventsOf = (name: string) =>
  receiver.requests.map(({ body }) => JSON.parse(body)).filter((event) => event.name === name);

test('a new prompt costs one request more, is the same in the feed, and is told with its text', async () => {
  const name = 'holiday/new.jpg';
  await site.drop(name, jpeg);
  const silent = await site.join();
  const { status, requests } = await describeBy(told, name);
  expect(status).toBe('done');
  expect(requests).toContain(`PUT prompt 201 ${feedName(name)}`);
  await site.drop('holiday/other.jpg', Buffer.concat([jpeg, Buffer.from('other')]));
  expect(requests).toHaveLength((await describeBy(silent, 'holiday/other.jpg')).requests.length + 1);
  const stored = await text('images', promptName(name));
  expect(await text('feed', feedName(name))).toBe(stored);
  const { prompt, altText, image } = JSON.parse(stored ?? '');
  expect(eventsOf(name)).toEqual([
    expect.objectContaining({
      ...{ type: 'prompt.created', prompt, altText, url: image.url, etag: image.etag, width: 64 },
      promptUrl: told.program.blobs.url(promptName(name)),
      promptEtag: (await told.program.blobs.head(promptName(name)))?.etag,
    }),
  ]);
});

test('a prompt that is there already is not told again; one that is made anew is', async () => {
  const name = 'again.jpg';
  await site.drop(name, jpeg);
  await describeBy(told, name);
  await describeBy(told, name);
  expect(eventsOf(name)).toHaveLength(1);
  await describeBy(told, name, true);
  const ids = eventsOf(name).map(({ id }) => id);
  expect([ids.length, new Set(ids).size]).toEqual([2, 2]);
  expect(await text('feed', feedName(name))).toBe(await text('images', promptName(name)));
});

test('an image that becomes unusable leaves the feed, and its error is told once', async () => {
  const name = 'spoilt.jpg';
  await site.drop(name, jpeg);
  await describeBy(told, name);
  await site.drop(name, jpeg.subarray(0, 200));
  expect((await describeBy(told, name)).status).toBe('refused');
  await describeBy(told, name);
  expect(await text('feed', feedName(name))).toBeNull();
  expect(eventsOf(name).map(({ type, code }) => [type, code])).toEqual([
    ['prompt.created', null],
    ['prompt.failed', expect.stringMatching(/^image-/)],
  ]);
});

test("a person's edit through the API is in the feed, and no event", async () => {
  const name = 'edited.jpg';
  await site.drop(name, jpeg);
  await describeBy(told, name);
  const api = told.program.api({ loopback: true, drainBodies: false });
  const edit = async () =>
    api.request(`http://localhost/api/prompts/${name}`, {
      ...{ method: 'PUT', body: '{"prompt":"mine"}' },
      headers: { 'content-type': 'application/json', 'if-match': '*' },
    });
  expect((await told.program.news.during(edit, 10_000)).status).toBe(200);
  expect(await text('feed', feedName(name))).toBe('{"prompt":"mine"}');
  expect(eventsOf(name)).toHaveLength(1);
});

test('a feed that cannot be written fails no image', async () => {
  const name = 'nowhere.jpg';
  await site.drop(name, jpeg);
  const without = await site.join({ FEED_CONTAINER: 'is-not-there' });
  expect((await describeBy(without, name)).status).toBe('done');
  expect(await text('images', promptName(name))).not.toBeNull();
});
