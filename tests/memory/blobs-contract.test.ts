import type { BlobServiceClient } from '@azure/storage-blob';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { FailedError, RefusedError } from '../../core/errors.ts';
import { AzureBlobs, connectStorage } from '../../core/store/azure-blobs.ts';
import type { Blobs, WriteCondition } from '../../core/store/blobs.ts';
import { startAzurite } from '../azurite.ts';
import { SimulatedClock } from '../simulated-clock.ts';
import { MemoryBlobs } from './memory-blobs.ts';

/** What is promised of a container, of the real one and of the one in memory that the models are tested with. */

interface Container {
  readonly blobs: Blobs;
  touch(name: string): Promise<unknown>;
  archive(name: string): Promise<unknown>;
  lease(name: string): Promise<unknown>;
}

let azurite: Awaited<ReturnType<typeof startAzurite>>;
let service: BlobServiceClient;
let containers = 0;

beforeAll(async () => {
  azurite = await startAzurite();
  service = await connectStorage({ connectionString: azurite.connectionString });
});
afterAll(() => azurite.close());

async function inMemory(): Promise<Container> {
  const blobs = new MemoryBlobs(new SimulatedClock({ start: Date.UTC(2026, 0, 1, 12, 0, 0, 700) }));
  return {
    blobs,
    touch: async (name) => blobs.touch(name),
    archive: async (name) => blobs.mark(name, { isArchived: true }),
    lease: async (name) => blobs.mark(name, { isLeased: true }),
  };
}

async function inAzurite(): Promise<Container> {
  const client = service.getContainerClient(`contract-${++containers}`);
  const blobs = new AzureBlobs(client);
  await blobs.create();
  return {
    blobs,
    touch: (name) => client.getBlobClient(name).setMetadata({ touched: 'x' }),
    archive: (name) => client.getBlobClient(name).setAccessTier('Archive'),
    lease: (name) => client.getBlobClient(name).getBlobLeaseClient().acquireLease(60),
  };
}

describe.each([
  ['in memory', inMemory],
  ['in Azurite', inAzurite],
])('a container %s', (_, open) => {
  let container: Container;
  let blobs: Blobs;

  beforeEach(async () => {
    container = await open();
    blobs = container.blobs;
  });

  async function put(name: string, text: string, condition: WriteCondition = 'any'): Promise<string> {
    const options = { contentType: 'image/png', metadata: { Note: 'x' }, condition };
    const written = await blobs.write(name, Buffer.from(text), options);
    return written === 'conflict' ? 'conflict' : written.etag;
  }
  const text = async (name: string) =>
    Buffer.from((await blobs.read(name, { maxBytes: 1_000 }))?.bytes ?? []).toString();

  test('tells the same of a blob by writing, HEAD, reading and listing', async () => {
    const etag = await put('a.png', 'abc');
    const told = { etag, size: 3, contentType: 'image/png', contentMd5: 'kAFQmDzST7DWlj99KOF/cg==' };
    const expected = {
      ...told,
      isCopying: false,
      isArchived: false,
      metadata: { note: 'x' },
      lastModified: expect.any(Date),
    };
    expect(etag).not.toContain('"');
    expect(await blobs.head('a.png')).toEqual(expected);
    const read = await blobs.read('a.png', { maxBytes: 3 });
    expect(read).toEqual({ ...expected, servedAt: expect.any(Date), bytes: expect.any(Uint8Array) });
    expect((await blobs.page({ size: 9 })).blobs).toEqual([{ name: 'a.png', ...expected }]);
  });

  test('has times in whole seconds, and an age that is never negative', async () => {
    await put('a.png', 'abc');
    const read = await blobs.read('a.png', { maxBytes: 3 });
    if (read === null) throw new Error('it was written');
    expect([read.lastModified.getMilliseconds(), read.servedAt.getMilliseconds()]).toEqual([0, 0]);
    expect(read.servedAt.getTime()).toBeGreaterThanOrEqual(read.lastModified.getTime());
    const page = await blobs.page({ size: 1 });
    expect(page.servedAt.getMilliseconds()).toBe(0);
  });

  test('S1: writes and removes only where the condition holds', async () => {
    expect(await put('a.png', '1', { etag: '0x1' })).toBe('conflict');
    const first = await put('a.png', '1', 'new');
    expect(await put('a.png', '2', 'new')).toBe('conflict');
    const second = await put('a.png', '2', { etag: first });
    expect(second).not.toBe(first);
    expect(await put('a.png', '3', { etag: first })).toBe('conflict');
    expect(await blobs.remove('a.png', { etag: first })).toBe(false);
    expect(await text('a.png')).toBe('2');
    expect(await blobs.remove('a.png', { etag: second })).toBe(true);
    expect(await blobs.remove('a.png')).toBe(false);
    expect(await blobs.remove('a.png', { etag: second })).toBe(false);
  });

  test('gives every version an ETag of its own, the same content too', async () => {
    const etags = [await put('a.png', '1'), await put('a.png', '1')];
    await container.touch('a.png');
    etags.push((await blobs.head('a.png'))?.etag ?? '');
    await blobs.remove('a.png');
    etags.push(await put('a.png', '1'));
    expect(new Set(etags).size).toBe(4);
  });

  test('keeps the content of a blob whose metadata is touched', async () => {
    await put('a.png', 'abc');
    const before = await blobs.head('a.png');
    await container.touch('a.png');
    expect(await blobs.head('a.png')).toMatchObject({ size: 3, contentMd5: before?.contentMd5 });
    expect(await text('a.png')).toBe('abc');
  });

  test('gives no bytes of what is too large, none of what is empty, and nothing of what is missing', async () => {
    await put('large.png', '1234');
    await put('empty.png', '');
    expect(await blobs.read('large.png', { maxBytes: 3 })).toMatchObject({ size: 4, bytes: null });
    const empty = await blobs.read('empty.png', { maxBytes: 3 });
    expect(empty).toMatchObject({ size: 0, bytes: new Uint8Array() });
    expect(await blobs.read('missing.png', { maxBytes: 3 })).toBeNull();
    expect(await blobs.head('missing.png')).toBeNull();
  });

  test('B17: refuses to read what is archived, fails to overwrite it, and still tells of it', async () => {
    await put('a.png', 'abc');
    await container.archive('a.png');
    await expect(blobs.read('a.png', { maxBytes: 3 })).rejects.toThrow(RefusedError);
    await expect(put('a.png', 'def')).rejects.toThrow(FailedError);
    expect(await blobs.head('a.png')).toMatchObject({ size: 3 });
  });

  test('B16: reads what is leased, and fails to write or remove it', async () => {
    await put('a.png', 'abc');
    await container.lease('a.png');
    expect(await text('a.png')).toBe('abc');
    await expect(put('a.png', 'def')).rejects.toThrow(FailedError);
    await expect(blobs.remove('a.png')).rejects.toThrow(FailedError);
  });

  test('lists by name, page by page', async () => {
    const names = ['b.png', 'a.png', 'a.png-2.png', 'a/b.png', 'a.png.prompt.json', 'B.png', 'c.png'];
    for (const name of names) await put(name, 'x');
    const pages: string[][] = [];
    for (let marker: string | null | undefined; marker !== null; ) {
      const page = await blobs.page({ size: 3, marker });
      pages.push(page.blobs.map(({ name }) => name));
      marker = page.marker;
    }
    expect(pages.flat()).toEqual(names.toSorted());
    expect(pages.map((page) => page.length)).toEqual([3, 3, 1]);
    expect((await blobs.page({ prefix: 'a.', size: 9 })).blobs).toHaveLength(3);
  });

  test('B11: takes no name that leads elsewhere', async () => {
    await expect(put('../other/a.png', 'x')).rejects.toThrow(RefusedError);
    expect(() => blobs.url('a/../b.png')).toThrow(RefusedError);
    expect(new URL(blobs.url('a b/é.png')).pathname).toMatch(/\/a%20b\/%C3%A9\.png$/);
  });

  test('fails where the caller has stopped', async () => {
    const signal = AbortSignal.abort();
    await put('a.png', 'abc');
    await expect(blobs.head('a.png', signal)).rejects.toThrow(FailedError);
    await expect(blobs.page({ size: 1, signal })).rejects.toThrow(FailedError);
    await expect(blobs.remove('a.png', { signal })).rejects.toThrow(FailedError);
  });
});
