import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { describeImage } from '../../../core/describe/describe-image.ts';
import { connectStorage } from '../../../core/store/azure-blobs.ts';
import { listImages } from '../../../core/store/listing.ts';
import { startAzurite } from '../../azurite.ts';
import { isQuiet, send, workOnce, workUntilQuiet } from '../../crash/deliveries.ts';
import { type Member, type Site, startSite } from '../../crash/site.ts';
import { photo } from '../../fixtures/images/photo.ts';
import { AMPLE_MS, until } from '../../until.ts';

/**
 * Events that come more than once, and those that are of no new image. B19: what only a live account has is not shown
 * here: soft delete, versions, undeleting, renaming and folders of a hierarchical namespace, and Event Grid itself.
 */

let azurite: Awaited<ReturnType<typeof startAzurite>>;
let jpeg: Buffer;
beforeAll(async () => {
  azurite = await startAzurite();
  jpeg = await photo({ width: 64, height: 64 });
});
afterAll(() => azurite.close());

let site: Site;
let worker: Member;
beforeEach(async () => {
  site = await startSite(azurite.connectionString);
  worker = await site.join();
});
afterEach(() => site.close());

async function describeBy({ program }: Member, name: string, etag?: string) {
  const { blobs, settings } = program;
  const signal = AbortSignal.timeout(AMPLE_MS);
  return describeImage({ container: blobs.container, name, etag }, blobs, settings, { attempt: 1, signal });
}

const written = (...members: readonly Member[]) =>
  members.flatMap(({ proxy }) => proxy.exchanges.filter((each) => /^(PUT|DELETE)/.test(each.label)));

const prompts = (...members: readonly Member[]) =>
  written(...members).filter(({ label, status }) => label === 'PUT prompt' && status === 201);

async function image() {
  const service = await connectStorage({ connectionString: azurite.connectionString });
  return service.getContainerClient(site.outside.blobs.container).getBlockBlobClient('image.jpg');
}

describe('B1: what comes twice', () => {
  test('a hundred times at once is paid for once and written once; everyone else is deferred', async () => {
    const etag = await site.drop('image.jpg', jpeg);
    const workers = [worker, await site.join()];
    let ended = 0;
    // The one that pays is answered when nobody else is at work any more.
    site.meanwhile = () => until('99 have ended', () => ended === 99);
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, () => workers)
        .flat()
        .map(async (each) => {
          const { status } = await describeBy(each, 'image.jpg', etag);
          ended++;
          return status;
        }),
    );
    expect(outcomes.toSorted()).toEqual([...Array(99).fill('deferred'), 'done'].toSorted());
    expect(await site.stored('image.jpg')).toEqual({ prompt: etag, error: null });
    expect({ paid: site.paid, prompts: prompts(...workers).length }).toEqual({ paid: 1, prompts: 1 });
    expect(await describeBy(worker, 'image.jpg', etag)).toEqual({ status: 'done', document: null });
  });

  test('under two names at once is paid for once, and both have their prompt', async () => {
    const names = ['one.jpg', 'another.jpg'];
    const etags = await Promise.all(names.map((name) => site.drop(name, jpeg)));
    let ended = 0;
    site.meanwhile = () => until('one has ended', () => ended === 1);
    const outcomes = await Promise.all(
      names.map(async (name) => {
        const { status } = await describeBy(worker, name);
        ended++;
        return status;
      }),
    );
    expect(outcomes.toSorted()).toEqual(['deferred', 'done']);
    // Whoever was deferred comes again.
    for (const name of names) await describeBy(worker, name);
    const stored = await Promise.all(names.map((name) => site.stored(name)));
    expect(stored).toEqual(etags.map((etag) => ({ prompt: etag, error: null })));
    expect(site.paid).toBe(1);
  });
});

test('B15: an event for every blob there is, our own outputs included, changes nothing and sends nothing', async () => {
  const names = ['a.jpg', 'b.jpg', 'c.jpg', 'broken.jpg'];
  for (const name of names) {
    await site.drop(
      name,
      name === 'broken.jpg' ? Buffer.from('no image') : Buffer.concat([jpeg, Buffer.from(name)]),
    );
    await send(site, name);
  }
  await workUntilQuiet(worker);
  const all = async () => (await site.outside.blobs.page({ size: 100 })).blobs;
  const before = await all();
  expect(before).toHaveLength(2 * names.length);
  const changes = written(worker).length;
  for (const { name, etag } of before) await send(site, name, etag);
  const handled = await Promise.all(before.map(() => workOnce(worker)));
  expect(handled.filter((each) => each?.status === 'ignored')).toHaveLength(names.length);
  expect(await isQuiet(worker)).toBe(true);
  expect((await all()).map(({ etag }) => etag)).toEqual(before.map(({ etag }) => etag));
  const acknowledged = written(worker).slice(changes);
  expect(acknowledged).toEqual([]);
  expect(site.paid).toBe(3);
});

describe('B18: what is no new image', () => {
  test('other metadata moves the ETag: the prompt follows, and nothing is paid', async () => {
    await site.drop('image.jpg', jpeg);
    await describeBy(worker, 'image.jpg');
    await (await image()).setMetadata({ reviewed: 'yes' });
    const moved = await site.outside.blobs.head('image.jpg');
    expect(await describeBy(worker, 'image.jpg', moved?.etag)).toMatchObject({ status: 'done' });
    expect(await site.stored('image.jpg')).toEqual({ prompt: moved?.etag, error: null });
    expect(site.paid).toBe(1);
  });

  test('the mark of a folder is nothing', async () => {
    const { blobs } = site.outside;
    const metadata = { hdi_isfolder: 'true' };
    await blobs.write('album.jpg', new Uint8Array(), {
      contentType: 'image/jpeg',
      condition: 'new',
      metadata,
    });
    await send(site, 'album.jpg');
    expect(await workOnce(worker)).toMatchObject({ outcome: { status: 'gone' } });
    expect(written(worker).filter(({ status }) => status === 201)).toEqual([]);
    for await (const listed of listImages(blobs, { prefix: '' }))
      expect(listed.image.name).not.toBe('album.jpg');
  });
});

describe('an image that cannot be described', () => {
  test('B7: an empty one has its error after the first attempt, and is not paid for', async () => {
    const etag = await site.drop('image.jpg', new Uint8Array());
    const outcome = await describeBy(worker, 'image.jpg', etag);
    expect(outcome).toMatchObject({ status: 'refused', error: { code: 'empty-image' } });
    expect(await site.stored('image.jpg')).toEqual({ prompt: null, error: etag });
    expect(site.paid).toBe(0);
  });

  test('B17: an archived one has its error, which says so', async () => {
    await site.drop('image.jpg', jpeg);
    await (await image()).setAccessTier('Archive');
    const outcome = await describeBy(worker, 'image.jpg');
    expect(outcome).toMatchObject({ status: 'refused', error: { code: 'blob-archived' } });
    const found = await site.outside.blobs.head('image.jpg');
    expect(await site.stored('image.jpg')).toEqual({ prompt: null, error: found?.etag });
  });
});

test('B16: an image that another program has leased is described, and never written to', async () => {
  const etag = await site.drop('image.jpg', jpeg);
  const lease = (await image()).getBlobLeaseClient();
  await lease.acquireLease(60);
  expect(await describeBy(worker, 'image.jpg')).toMatchObject({ status: 'done' });
  expect(await site.stored('image.jpg')).toEqual({ prompt: etag, error: null });
  expect(written(worker).filter(({ label }) => label.endsWith('image'))).toEqual([]);
});
