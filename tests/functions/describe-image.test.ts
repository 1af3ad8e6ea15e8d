import { InvocationContext, type StorageBlobHandler } from '@azure/functions';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Blobs } from '../../core/store/blobs.ts';
import { errorName, promptName } from '../../core/store/names.ts';
import { handleBlob } from '../../functions/describe-image.ts';
import { startAzurite } from '../azurite.ts';
import { startVisionServer } from '../faults/vision-server.ts';
import { photo } from '../fixtures/images/photo.ts';
import { faultyQueue } from '../memory/faults.ts';
import { startFunctions } from './program.ts';

let azurite: Awaited<ReturnType<typeof startAzurite>>;
let vision: Awaited<ReturnType<typeof startVisionServer>>;
let running: Awaited<ReturnType<typeof startFunctions>>;
let blobs: Blobs;
let handle: StorageBlobHandler;

beforeAll(async () => {
  azurite = await startAzurite();
  vision = await startVisionServer();
  running = await startFunctions({
    STORAGE: azurite.connectionString,
    IMAGES_PREFIX: 'in/',
    VISION_PROVIDER: 'azure-vision',
    VISION_ENDPOINT: vision.endpoint,
    VISION_KEY: vision.key,
  });
  blobs = running.program.blobs;
  handle = handleBlob({ ...running, program: async () => running.program });
});
afterAll(async () => {
  await vision.close();
  await azurite.close();
});

/**
 * Calls the handler as the host does for a blob: its bytes, and beside them the name and properties.
 * @returns the blob's ETag
 */
async function trigger(name: string, bytes: Uint8Array, handler = handle): Promise<string> {
  const written = await blobs.write(name, bytes, { contentType: 'image/jpeg', condition: 'any' });
  if (written === 'conflict') throw new Error('a write without condition has no conflict');
  const properties = { eTag: `"${written.etag}"`, length: bytes.byteLength, contentType: 'image/jpeg' };
  const context = new InvocationContext({ triggerMetadata: { name, properties }, logHandler: () => {} });
  await handler(Buffer.from(bytes), context);
  return written.etag;
}

describe('the blob trigger', () => {
  test('gives a dropped image its prompt, with what the provider saw', async () => {
    await trigger('in/folder/a b.jpg', await photo({ width: 640, height: 480 }));
    const prompt = await blobs.read(promptName('in/folder/a b.jpg'), { maxBytes: 1e6 });
    const document = JSON.parse(Buffer.from(prompt?.bytes ?? []).toString());
    expect(document.analysis).toMatchObject({ provider: 'azure-vision', degraded: false });
    expect(document.caption.text).not.toBe('');
  });

  test('B1: pays once for the same event twice', async () => {
    const before = vision.calls;
    const bytes = await photo({ width: 640, height: 480, seed: 2 });
    await trigger('in/twice.jpg', bytes);
    const etag = (await blobs.head('in/twice.jpg'))?.etag;
    const context = new InvocationContext({
      triggerMetadata: { name: 'in/twice.jpg', properties: { eTag: `"${etag}"` } },
      logHandler: () => {},
    });
    await handle(Buffer.from(bytes), context);
    expect(vision.calls - before).toBe(1);
  });

  test('B15: leaves our own outputs, other files and names outside the prefix alone', async () => {
    const before = vision.calls;
    for (const name of ['in/a.jpg.prompt.json', 'in/a.txt', 'in/a.pdf', 'out/a.jpg']) {
      await trigger(name, Buffer.from('words'));
      expect(await blobs.head(promptName(name))).toBeNull();
      expect(await blobs.head(errorName(name))).toBeNull();
    }
    expect(vision.calls).toBe(before);
  });

  test('acknowledges an image that is refused, since its error JSON says so', async () => {
    await trigger('in/bad.jpg', Buffer.from('no image'));
    expect((await blobs.head(errorName('in/bad.jpg')))?.metadata.code).toBe('unsupported-image');
  });

  test('hands what failed to the queue, as one attempt, and acknowledges it', async () => {
    // It is told when to come back, so that nobody waits here to try again.
    vision.script((_request, response) => response.writeHead(503, { 'retry-after': '600' }).end());
    const etag = await trigger('in/later.jpg', await photo({ width: 640, height: 480, seed: 3 }));
    expect(await blobs.head(errorName('in/later.jpg'))).toBeNull();
    const event = { container: 'images', name: 'in/later.jpg', etag, tries: 1 };
    expect(running.sent.splice(0)).toMatchObject([{ message: { event }, delay: 30_000 }]);
  });

  test('V1: hands what is deferred to the queue, as no attempt', async () => {
    vision.script((_request, response) => response.writeHead(429, { 'retry-after': '600' }).end());
    const etag = await trigger('in/deferred.jpg', await photo({ width: 640, height: 480, seed: 4 }));
    expect(await blobs.head(errorName('in/deferred.jpg'))).toBeNull();
    const event = { container: 'images', name: 'in/deferred.jpg', etag, tries: 0 };
    expect(running.sent).toMatchObject([{ message: { event } }]);
    expect(running.sent.pop()?.delay).toBeGreaterThan(60_000);
  });

  test('PAUSED: hands every image to the queue, and describes none', async () => {
    const before = vision.calls;
    const { program } = running;
    const settings = { ...program.settings, isPaused: true };
    const paused = handleBlob({ ...running, program: async () => ({ ...program, settings }) });
    const etag = await trigger('in/paused.jpg', await photo({ width: 640, height: 480, seed: 5 }), paused);
    expect(vision.calls).toBe(before);
    const event = { container: 'images', name: 'in/paused.jpg', etag, tries: 0 };
    expect(running.sent).toMatchObject([{ message: { event } }]);
    expect(running.sent.pop()?.delay).toBeGreaterThan(60_000);
  });

  test('throws only what could not be handed over, so that the host tries again', async () => {
    const { program } = running;
    const events = faultyQueue(program.events, () => 'fails');
    const handler = { ...program.handler, events };
    const settings = { ...program.settings, isPaused: true };
    const cut = handleBlob({ ...running, program: async () => ({ ...program, settings, handler }) });
    const attempt = trigger('in/cut.jpg', await photo({ width: 640, height: 480, seed: 6 }), cut);
    await expect(attempt).rejects.toMatchObject({ code: 'storage-unavailable' });
  });
});
