import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseConfig } from '../../../../core/config.ts';
import { createLog } from '../../../../core/log.ts';
import { createProgram, type Program } from '../../../../core/program.ts';
import { readMessage } from '../../../../core/queue/message.ts';
import { promptName } from '../../../../core/store/names.ts';
import { readDocument, readProblem } from '../../../answers.ts';
import { startAzurite } from '../../../azurite.ts';
import { type StorageProxy, startStorageProxy } from '../../../crash/storage-proxy.ts';
import { answer, fail, hang } from '../../../faults/vision-behaviour.ts';
import { startVisionServer, type VisionServer } from '../../../faults/vision-server.ts';
import { photo } from '../../../fixtures/images/photo.ts';
import { HOSTS, type RunningHost } from '../../../hosts.ts';
import { until } from '../../../until.ts';

let azurite: Awaited<ReturnType<typeof startAzurite>>;
let vision: VisionServer;

beforeAll(async () => {
  azurite = await startAzurite();
  vision = await startVisionServer();
});
afterAll(async () => {
  await vision.close();
  await azurite.close();
});

let seeds = 0;
/** No content is sent twice: the analysis of one that was would be known. */
const newPhoto = async () => new Uint8Array(await photo({ width: 160, height: 120, seed: ++seeds }));

describe.each(HOSTS)('what the API cannot describe at once, from $host', ({ host, start }) => {
  let running: RunningHost;
  /** Another one, whose requests of storage are counted. */
  let watched: RunningHost;
  let proxy: StorageProxy;
  let program: Program;
  let settings: Record<string, string>;

  beforeAll(async () => {
    const number = HOSTS.findIndex((one) => one.host === host);
    settings = {
      STORAGE: azurite.connectionString,
      IMAGES_CONTAINER: `images-${number}`,
      STATE_CONTAINER: `state-${number}`,
      IMAGE_EVENTS_QUEUE: `events-${number}`,
      VISION_PROVIDER: 'azure-vision',
      VISION_ENDPOINT: vision.endpoint,
      VISION_KEY: vision.key,
      VISION_TPS: '1000',
    };
    running = await start(settings);
    proxy = await startStorageProxy(azurite.connectionString);
    watched = await start({ ...settings, STORAGE: proxy.connectionString });
    const config = parseConfig(settings);
    const storage = { connectionString: azurite.connectionString };
    program = await createProgram(config, storage, createLog('silent'));
  });
  afterAll(async () => {
    await running.close();
    await watched.close();
    await proxy.close();
  });

  const post = (query: string, body: Uint8Array<ArrayBuffer>, init: RequestInit = {}) =>
    running.fetch(`/api/prompts${query}`, { method: 'POST', body, ...init });

  test('is queued where the image is stored, and only there', async () => {
    vision.script(fail(401, '401'), fail(401, '401'), fail(401, '401'));
    const body = await newPhoto();
    const unstored = await post('', body);
    expect([unstored.status, (await readProblem(unstored)).code]).toEqual([503, 'vision-auth']);
    expect(await program.events.length()).toBe(0);

    const stored = await post('?store=true&name=failed.jpg', body);
    expect([stored.status, (await readProblem(stored)).code]).toEqual([503, 'vision-auth']);
    expect(Number(stored.headers.get('retry-after'))).toBe(30);
    expect(await program.events.length()).toBe(1);

    const named = await running.fetch('/api/prompts', {
      method: 'POST',
      body: JSON.stringify({ blob: 'failed.jpg' }),
      headers: { 'content-type': 'application/json' },
    });
    expect(named.status).toBe(503);
    expect([await program.events.length(), (await program.events.peek(32)).length]).toEqual([2, 0]);
  });

  test('or its client went away', async () => {
    // The host of Functions tells nobody of that, so there it is described to its end.
    const isTold = !host.includes('Functions');
    const before = { calls: vision.calls, queued: await program.events.length() };
    if (isTold) vision.script(hang());
    const client = new AbortController();
    const query = '?store=true&name=left.jpg';
    const leaving = post(query, await newPhoto(), { signal: client.signal }).catch(() => null);
    await until('a call', () => vision.calls > before.calls);
    client.abort();
    await leaving;
    if (!isTold) {
      await until('the prompt', () => program.blobs.head(promptName('left.jpg')));
      return;
    }
    await until('its event', async () => (await program.events.length()) > before.queued);
    const messages = await program.events.peek(32);
    expect(messages.map(({ text }) => readMessage(text, program.blobs.container))).toEqual([
      {
        event: { container: program.blobs.container, name: 'left.jpg', tries: 0 },
        contentType: 'image/*',
      },
    ]);
  });

  test('B1: is waited for where someone else describes the same content, which is paid for once', async () => {
    const before = vision.calls;
    const body = await newPhoto();
    const asked = Promise.withResolvers<void>();
    vision.script((request, response) => void asked.promise.then(() => answer()(request, response)));
    const all = Promise.all(
      ['', '', '?store=true&name=same.jpg'].map((query) =>
        watched.fetch(`/api/prompts${query}`, { method: 'POST', body }),
      ),
    );
    // Two others look once each, and again because they wait.
    const looks = () =>
      proxy.exchanges.filter(({ label, status }) => label === 'PUT claim' && status === 409);
    await until('others wait for the claim', () => looks().length >= 4).finally(asked.resolve);
    const answers = await all;
    const documents = await Promise.all(answers.map(readDocument));
    expect(documents.filter(({ analysis }) => analysis.reused)).toHaveLength(2);
    expect(vision.calls - before).toBe(1);
  });

  test('is refused before anything is stored while describing is paused; what is there can be read', async () => {
    const body = await newPhoto();
    await post('?store=true&name=before.jpg', body);
    const paused = await HOSTS.find((one) => one.host === host)?.start({ ...settings, PAUSED: 'true' });
    const before = { calls: vision.calls, queued: await program.events.length() };
    for (const query of ['', '?store=true&name=paused.jpg']) {
      const refused = await paused?.fetch(`/api/prompts${query}`, { method: 'POST', body });
      expect(refused && (await readProblem(refused))).toMatchObject({ status: 503, code: 'paused' });
      expect(Number(refused?.headers.get('retry-after'))).toBe(300);
    }
    expect((await paused?.fetch('/api/prompts/before.jpg'))?.status).toBe(200);
    expect(await program.blobs.head('paused.jpg')).toBeNull();
    expect({ calls: vision.calls, queued: await program.events.length() }).toEqual(before);
    await paused?.close();
  });

  test('cannot be queued where the queue does not answer: health says so', async () => {
    const deaf = azurite.connectionString.replace(
      /QueueEndpoint=[^;]+/,
      'QueueEndpoint=http://127.0.0.1:9/x',
    );
    const sick = await HOSTS.find((one) => one.host === host)?.start({ ...settings, STORAGE: deaf });
    const health = await sick?.fetch('/api/health');
    expect(health?.status).toBe(500);
    expect(await health?.json()).toMatchObject({
      ...{ status: 'failing', checks: { images: 'ok', queue: 'failing' } },
    });
    await sick?.close();
  });
});
