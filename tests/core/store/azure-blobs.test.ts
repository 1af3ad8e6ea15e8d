import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { RefusedError } from '../../../core/errors.ts';
import { AzureBlobs, connectStorage } from '../../../core/store/azure-blobs.ts';
import { pageOfImages } from '../../../core/store/image-page.ts';
import { promptName } from '../../../core/store/names.ts';
import { startAzurite } from '../../azurite.ts';
import { startSilentServer } from '../../faults/silent-server.ts';

type Azurite = Awaited<ReturnType<typeof startAzurite>>;

let azurite: Azurite;
let images: AzureBlobs;

async function container(name: string): Promise<AzureBlobs> {
  const service = await connectStorage({ connectionString: azurite.connectionString });
  const blobs = new AzureBlobs(service.getContainerClient(name));
  await blobs.create();
  return blobs;
}

beforeAll(async () => {
  azurite = await startAzurite();
  images = await container('images');
});
afterAll(() => azurite.close());

const put = (blobs: AzureBlobs, name: string, text = name) =>
  blobs.write(name, Buffer.from(text), {
    contentType: 'image/jpeg',
    metadata: { note: 'x' },
    condition: 'new',
  });

describe('B10: odd names are read back as they were written', () => {
  test.each([
    ...[
      'a/b/c.jpg',
      '/lead.jpg',
      'a//b.jpg',
      'trail/',
      '100%.jpg',
      'per%20cent.jpg',
      'q?x=1.jpg',
      'h#ash.jpg',
    ],
    ...[
      'sp ace.jpg',
      `quo'te".jpg`,
      '😀.jpg',
      '\u202ertl.jpg',
      'e\u0301.jpg',
      '\u00e9.jpg',
      '%2e%2e/x.jpg',
      'a./b.jpg',
    ],
    ...['c:d;e+f&g.jpg', '~!*()[].jpg', `${'x'.repeat(1000)}.jpg`, 'B.jpg', 'b.jpg'],
  ])('%s', async (name) => {
    await put(images, promptName(name));
    const stored = await images.read(promptName(name), { maxBytes: 5000 });
    expect(Buffer.from(stored?.bytes ?? []).toString()).toBe(promptName(name));
    const { blobs } = await images.page({ prefix: promptName(name), size: 10 });
    expect(blobs.map((blob) => blob.name)).toEqual([promptName(name)]);
    expect(new URL(images.url(name)).pathname).toMatch(/^\/devstoreaccount1\/images\//);
  });
});

test('B12: a name with a backslash is read back, under its own name and under the one that a listing has', async () => {
  const [name, slashes] = ['back\\slash.jpg', 'back/slash.jpg'];
  await put(images, name);
  const { blobs } = await images.page({ prefix: 'back', size: 10 });
  const [listed = ''] = blobs.map((blob) => blob.name);
  // Azurite takes the one for the other, in addresses and in listings.
  expect([name, slashes]).toContain(listed);
  for (const either of [name, listed]) {
    const stored = await images.read(either, { maxBytes: 5000 });
    expect(Buffer.from(stored?.bytes ?? []).toString()).toBe(name);
  }
});

test('a blob goes with the snapshots that were taken of it', async () => {
  const name = 'pictured.jpg';
  await put(images, name);
  const service = await connectStorage({ connectionString: azurite.connectionString });
  await service.getContainerClient('images').getBlobClient(name).createSnapshot();
  expect(await images.remove(name)).toBe(true);
  expect(await images.head(name)).toBeNull();
});

test('storage that begins an answer and says no more is a failure at the deadline', async () => {
  const silent = await startSilentServer('HTTP/1.1 200 OK\r\nContent-Length: 100\r\nETag: "0x1"\r\n\r\nhalf');
  try {
    const connectionString = azurite.connectionString.replace(/127\.0\.0\.1:\d+/, `127.0.0.1:${silent.port}`);
    const service = await connectStorage({ connectionString });
    const blobs = new AzureBlobs(service.getContainerClient('images'), 200);
    await expect(blobs.read('a.jpg', { maxBytes: 1_000 })).rejects.toMatchObject({
      code: 'storage-unavailable',
      cause: { name: 'AbortError' },
    });
  } finally {
    await silent.close();
  }
});

describe('B11: names that lead elsewhere are refused before any request', () => {
  test.each(['../other/evil.txt', 'a/../b.jpg', './c.jpg', '..', 'a\\..\\b.jpg', '\ud800.jpg', 'tab\t.jpg'])(
    '%j',
    async (name) => {
      const other = await container('other');
      for (const operation of [() => put(images, name), () => images.head(name), () => images.remove(name)]) {
        await expect(operation()).rejects.toThrow(RefusedError);
      }
      expect((await other.page({ size: 10 })).blobs).toEqual([]);
    },
  );
});

describe('conditions', () => {
  test('S1: a write that finds another version is a conflict, not an error', async () => {
    const first = await put(images, 'condition.jpg');
    expect(await put(images, 'condition.jpg')).toBe('conflict');
    if (first === 'conflict') throw new Error('it was new');
    const second = await images.write('condition.jpg', Buffer.from('2'), {
      contentType: 'x',
      condition: first,
    });
    expect(second).toEqual({ etag: expect.not.stringContaining('"') });
    expect(
      await images.write('condition.jpg', Buffer.from('3'), { contentType: 'x', condition: first }),
    ).toBe('conflict');
    expect(await images.remove('condition.jpg', first)).toBe(false);
    expect(await images.remove('condition.jpg')).toBe(true);
    expect(await images.remove('condition.jpg')).toBe(false);
  });

  test('an ETag is the same from writing, HEAD, reading and listing', async () => {
    const written = await put(images, 'etag.jpg');
    const read = await images.read('etag.jpg', { maxBytes: 100 });
    const listed = (await images.page({ prefix: 'etag.jpg', size: 1 })).blobs[0];
    const head = await images.head('etag.jpg');
    const etags = new Set([written === 'conflict' ? '' : written.etag, head?.etag, read?.etag, listed?.etag]);
    expect(etags.size).toBe(1);
    expect(new Set([head?.contentMd5, read?.contentMd5, listed?.contentMd5]).size).toBe(1);
    expect(listed?.metadata).toEqual({ note: 'x' });
  });
});

describe('reading', () => {
  test('stops at the limit and still tells size and ETag', async () => {
    await put(images, 'large.jpg', 'x'.repeat(5000));
    expect(await images.read('large.jpg', { maxBytes: 4999 })).toMatchObject({ size: 5000, bytes: null });
    expect((await images.read('large.jpg', { maxBytes: 5000 }))?.bytes).toHaveLength(5000);
  });

  test('of an empty blob gives no bytes, and of a missing one nothing', async () => {
    await put(images, 'empty.jpg', '');
    expect(await images.read('empty.jpg', { maxBytes: 10 })).toMatchObject({
      size: 0,
      bytes: new Uint8Array(),
    });
    expect(await images.read('missing.jpg', { maxBytes: 10 })).toBeNull();
    expect(await images.head('missing.jpg')).toBeNull();
  });

  test('S3: of a container that is not there is a failure, not a missing blob', async () => {
    const service = await connectStorage({ connectionString: azurite.connectionString });
    const nowhere = new AzureBlobs(service.getContainerClient('nowhere'));
    await expect(nowhere.read('a.jpg', { maxBytes: 1 })).rejects.toMatchObject({
      code: 'storage-unavailable',
    });
    await expect(nowhere.page({ size: 1 })).rejects.toMatchObject({ code: 'storage-unavailable' });
  });

  test('B17: of an archived blob is refused', async () => {
    const service = await connectStorage({ connectionString: azurite.connectionString });
    await put(images, 'archived.jpg');
    await service.getContainerClient('images').getBlockBlobClient('archived.jpg').setAccessTier('Archive');
    await expect(images.read('archived.jpg', { maxBytes: 10 })).rejects.toMatchObject({
      code: 'blob-archived',
    });
  });
});

test('pages of images follow each other without a gap, whatever the limit', async () => {
  const blobs = await container('pages');
  const names = Array.from({ length: 12 }, (_, index) => `p/${index % 3}.jpg-${index}.jpg`);
  for (const name of names) {
    await put(blobs, name);
    await put(blobs, promptName(name));
  }
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await pageOfImages(blobs, { prefix: 'p/', limit: 5, cursor, wanted: () => true });
    expect(page.images.every(({ prompt }) => prompt !== null)).toBe(true);
    seen.push(...page.images.map(({ image }) => image.name));
    cursor = page.cursor ?? undefined;
  } while (cursor !== undefined);
  expect(seen).toEqual(names.toSorted());
});
