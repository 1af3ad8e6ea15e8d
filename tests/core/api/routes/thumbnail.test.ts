import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sharp } from '../../../../core/image/sharp.ts';
import { readProblem } from '../../../answers.ts';
import { startAzurite } from '../../../azurite.ts';
import { photo } from '../../../fixtures/images/photo.ts';
import { HOSTS } from '../../../hosts.ts';
import { openStage, type Stage } from './stage.ts';

let azurite: Awaited<ReturnType<typeof startAzurite>>;
let jpeg: Buffer;

beforeAll(async () => {
  azurite = await startAzurite();
  const exif = { IFD0: { Artist: 'someone' }, IFD3: { GPSLatitude: '47/1 0/1 0/1' } };
  const turned = sharp(await photo({ width: 800, height: 400 })).withMetadata({ orientation: 6 });
  jpeg = await turned.withExifMerge(exif).jpeg().toBuffer();
  expect(jpeg.includes('someone')).toBe(true);
});
afterAll(() => azurite.close());

describe.each(HOSTS)('GET /api/thumbnails/{name} on $host', (host) => {
  let stage: Stage;

  beforeAll(async () => {
    const settings = { MAX_IMAGE_PIXELS: '1000000', MAX_IMAGE_BYTES: '3000000' };
    stage = await openStage(host, { connectionString: azurite.connectionString, purpose: 'thumb', settings });
    await stage.drop('a b/é.jpg', jpeg);
  });
  afterAll(() => stage.close());

  const path = '/api/thumbnails/a%20b/%C3%A9.jpg';

  test('is a small upright WebP without metadata', async () => {
    const answer = await stage.get(path);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('image/webp');
    expect(answer.headers.get('cache-control')).toMatch(/^private/);
    const bytes = Buffer.from(await answer.arrayBuffer());
    const { format, width, height, exif, xmp, icc, orientation } = await sharp(bytes).metadata();
    expect([format, width, height]).toEqual(['webp', 128, 256]);
    expect([exif, xmp, icc, orientation]).toEqual([undefined, undefined, undefined, undefined]);
    expect(bytes.includes('someone')).toBe(false);
  });

  test('has the size that is asked for, at most 512, and never enlarges', async () => {
    const side = async (query: string) => {
      const bytes = await (await stage.get(`${path}${query}`)).arrayBuffer();
      const { width, height } = await sharp(bytes).metadata();
      return Math.max(width, height);
    };
    expect([await side('?size=16'), await side('?size=512')]).toEqual([16, 512]);
    for (const query of [
      '?size=513',
      '?size=15',
      '?size=1e9',
      '?size=-1',
      '?size=',
      '?big=1',
      '?size=64&size=32',
    ]) {
      expect((await readProblem(await stage.get(`${path}${query}`))).code).toBe('invalid-request');
    }
    await stage.drop('small.jpg', await photo({ width: 90, height: 60 }));
    const small = await (await stage.get('/api/thumbnails?name=small.jpg&size=512')).arrayBuffer();
    expect(await sharp(small).metadata()).toMatchObject({ width: 90, height: 60 });
  });

  test('is 304 while the image is the same, of the same size', async () => {
    const etag = (await stage.get(path)).headers.get('etag') ?? '';
    const again = await stage.get(path, { 'if-none-match': `"x", W/${etag}` });
    expect([again.status, again.headers.get('etag'), await again.text()]).toEqual([304, etag, '']);
    expect((await stage.get(`${path}?size=64`, { 'if-none-match': etag })).status).toBe(200);
    await stage.drop('a b/é.jpg', await photo({ width: 300, height: 200 }));
    expect((await stage.get(path, { 'if-none-match': etag })).status).toBe(200);
    await stage.drop('a b/é.jpg', jpeg);
  });

  test('answers HEAD without a body', async () => {
    const answer = await stage.fetch(path, { method: 'HEAD' });
    expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
      200,
      'image/webp',
      '',
    ]);
  });

  test('refuses what describing refuses', async () => {
    const flat = (width: number, height: number) =>
      sharp({ create: { width, height, channels: 3, background: '#fff' } })
        .png()
        .toBuffer();
    const cases = [
      ['many.png', await flat(1100, 1000), 'image-too-many-pixels'],
      ['tiny.png', await flat(49, 49), 'image-too-small'],
      ['long.png', await flat(4100, 100), 'image-aspect-ratio'],
      ['large.jpg', Buffer.concat([jpeg, Buffer.alloc(3_000_000)]), 'image-too-large'],
      ['page.jpg', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'unsupported-image'],
      ['empty.jpg', Buffer.alloc(0), 'empty-image'],
      ['cut.jpg', jpeg.subarray(0, jpeg.length / 2), 'image-truncated'],
    ] as const;
    for (const [name, bytes, code] of cases) {
      await stage.drop(name, bytes);
      const answer = await stage.get(`/api/thumbnails/${name}`);
      expect([name, (await readProblem(answer)).code]).toEqual([name, code]);
      expect(answer.headers.get('cache-control')).toBe('no-store');
    }
  });

  test('is 404 for no image, and for what is none by its name', async () => {
    await stage.drop('words.txt', jpeg, 'text/plain');
    for (const name of ['never.jpg', 'words.txt', 'a%20b/%C3%A9.jpg.prompt.json']) {
      expect((await stage.get(`/api/thumbnails/${name}`)).status).toBe(404);
    }
    expect((await readProblem(await stage.get('/api/thumbnails/a%2Fb.jpg'))).code).toBe('name-encoding');
    expect((await readProblem(await stage.get('/api/thumbnails/%ff.jpg'))).code).toBe('invalid-name');
  });
});
