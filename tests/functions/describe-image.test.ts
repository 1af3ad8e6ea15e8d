import { InvocationContext } from '@azure/functions';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseConfig } from '../../core/config.ts';
import { createLog } from '../../core/log.ts';
import { createProgram } from '../../core/program.ts';
import { AzureBlobs, connectStorage } from '../../core/store/azure-blobs.ts';
import { errorName, promptName } from '../../core/store/names.ts';
import { handleBlob } from '../../functions/describe-image.ts';
import { startAzurite } from '../azurite.ts';
import { startVisionServer } from '../faults/vision-server.ts';
import { photo } from '../fixtures/images/photo.ts';

let azurite: Awaited<ReturnType<typeof startAzurite>>;
let vision: Awaited<ReturnType<typeof startVisionServer>>;
let blobs: AzureBlobs;
let handle: ReturnType<typeof handleBlob>;

beforeAll(async () => {
  azurite = await startAzurite();
  vision = await startVisionServer();
  const config = parseConfig({
    STORAGE: azurite.connectionString,
    IMAGES_PREFIX: 'in/',
    VISION_PROVIDER: 'azure-vision',
    VISION_ENDPOINT: vision.endpoint,
    VISION_KEY: vision.key,
  });
  const log = createLog('silent');
  const program = await createProgram(config, { connectionString: azurite.connectionString }, log);
  await program.blobs.create();
  const api = program.api({ loopback: false, drainBodies: true });
  handle = handleBlob({ config, program: async () => ({ ...program, api }) });
  const service = await connectStorage({ connectionString: azurite.connectionString });
  blobs = new AzureBlobs(service.getContainerClient('images'));
});
afterAll(async () => {
  await vision.close();
  await azurite.close();
});

/** Calls the handler as the host does for a blob: its bytes, and beside them the name and properties. */
async function trigger(name: string, bytes: Uint8Array): Promise<void> {
  const written = await blobs.write(name, bytes, { contentType: 'image/jpeg', condition: 'any' });
  if (written === 'conflict') throw new Error('a write without condition has no conflict');
  const properties = { eTag: `"${written.etag}"`, length: bytes.byteLength, contentType: 'image/jpeg' };
  const context = new InvocationContext({ triggerMetadata: { name, properties }, logHandler: () => {} });
  await handle(Buffer.from(bytes), context);
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

  test('throws what may pass, so that the host tries again', async () => {
    // It is told when to come back, so that nobody waits here to try again.
    vision.script((_request, response) => response.writeHead(503, { 'retry-after': '600' }).end());
    const attempt = trigger('in/later.jpg', await photo({ width: 640, height: 480, seed: 3 }));
    await expect(attempt).rejects.toMatchObject({ code: 'vision-unavailable' });
    expect(await blobs.head(errorName('in/later.jpg'))).toBeNull();
  });

  test('V1: throws what is deferred, too', async () => {
    vision.script((_request, response) => response.writeHead(429, { 'retry-after': '600' }).end());
    const attempt = trigger('in/deferred.jpg', await photo({ width: 640, height: 480, seed: 4 }));
    await expect(attempt).rejects.toMatchObject({ name: 'DeferredError', code: 'vision-throttled' });
    expect(await blobs.head(errorName('in/deferred.jpg'))).toBeNull();
  });
});
