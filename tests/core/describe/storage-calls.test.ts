import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { describeImage } from '../../../core/describe/describe-image.ts';
import { startAzurite } from '../../azurite.ts';
import { type Member, type Site, startSite } from '../../crash/site.ts';
import { photo } from '../../fixtures/images/photo.ts';
import { AMPLE_MS } from '../../until.ts';

/** What describing costs in requests of storage, counted where they pass. */

let azurite: Awaited<ReturnType<typeof startAzurite>>;
let site: Site;
let paying: Member;
let jpeg: Buffer;
beforeAll(async () => {
  azurite = await startAzurite();
  site = await startSite(azurite.connectionString);
  paying = await site.join();
  jpeg = await photo({ width: 64, height: 64 });
});
afterAll(async () => {
  await site.close();
  await azurite.close();
});

interface Options {
  readonly etag?: string;
  readonly attempt?: number;
  readonly by?: Member;
}

/** Describes the image once, and gives what that took. */
async function costs(name: string, { etag, attempt = 1, by = paying }: Options = {}) {
  const { program, proxy } = by;
  const { blobs, settings } = program;
  const before = { exchanges: proxy.exchanges.length, calls: site.vision.calls };
  const signal = AbortSignal.timeout(AMPLE_MS);
  const outcome = await describeImage({ container: blobs.container, name, etag }, blobs, settings, {
    attempt,
    signal,
  });
  const requests = proxy.exchanges.slice(before.exchanges).map(({ label, status }) => `${label} ${status}`);
  return { status: outcome.status, requests, calls: site.vision.calls - before.calls };
}

/** The same picture in other bytes: what follows the end of a JPEG is no part of it. */
function variant(text: string): Buffer {
  return Buffer.concat([jpeg, Buffer.from(text)]);
}

const NEW_IMAGE = [
  'HEAD prompt 404',
  'GET image 206',
  'PUT claim 201',
  'PUT analysis 201',
  'PUT prompt 201',
  'DELETE error 404',
  'HEAD image 200',
];

test('B1: a new image costs six requests, a DELETE and one paid call', async () => {
  const etag = await site.drop('new.jpg', variant('new'));
  expect(await costs('new.jpg', { etag })).toEqual({ status: 'done', requests: NEW_IMAGE, calls: 1 });
});

test('B1: content that is known costs as many requests, and no paid call', async () => {
  await site.drop('first.jpg', variant('same'));
  await costs('first.jpg');
  await site.drop('second.jpg', variant('same'));
  expect(await costs('second.jpg')).toEqual({
    status: 'done',
    requests: [
      'HEAD prompt 404',
      'GET image 206',
      'PUT claim 409',
      'GET analysis 206',
      'PUT prompt 201',
      'DELETE error 404',
      'HEAD image 200',
    ],
    calls: 0,
  });
});

describe('B1: a duplicate event of an image that is finished', () => {
  test('costs one request where it has the ETag', async () => {
    const etag = await site.drop('finished.jpg', variant('finished'));
    await costs('finished.jpg', { etag });
    expect(await costs('finished.jpg', { etag })).toEqual({
      status: 'done',
      requests: ['HEAD prompt 200'],
      calls: 0,
    });
  });

  test.each<[string, boolean, number]>([
    ['has no ETag', false, 1],
    ['is delivered again', true, 2],
  ])('costs three where it %s', async (name, hasEtag, attempt) => {
    const etag = await site.drop(`${name}.jpg`, variant(name));
    await costs(`${name}.jpg`, { etag });
    expect(await costs(`${name}.jpg`, { ...(hasEtag ? { etag } : {}), attempt })).toEqual({
      status: 'done',
      requests: ['HEAD prompt 200', 'GET image 206', 'HEAD image 200'],
      calls: 0,
    });
  });
});

test('B1: the provider `local` costs four requests and a DELETE: nothing is claimed or kept', async () => {
  const local = await site.join({ VISION_PROVIDER: 'local' });
  await site.drop('local.jpg', variant('local'));
  expect(await costs('local.jpg', { by: local })).toEqual({
    status: 'done',
    requests: NEW_IMAGE.filter((request) => !/claim|analysis/.test(request)),
    calls: 0,
  });
});
