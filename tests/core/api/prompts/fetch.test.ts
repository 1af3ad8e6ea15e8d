import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AzureBlobs, connectStorage } from '../../../../core/store/azure-blobs.ts';
import { promptName } from '../../../../core/store/names.ts';
import { readDocument, readProblem } from '../../../answers.ts';
import { startAzurite } from '../../../azurite.ts';
import { photo } from '../../../fixtures/images/photo.ts';
import { OWN_HOSTS, type RunningHost } from '../../../hosts.ts';
import { type Internet, PUBLIC, startInternet } from '../../fetch/internet.ts';

const MIB = 1024 * 1024;

let azurite: Awaited<ReturnType<typeof startAzurite>>;
let internet: Internet;

beforeAll(async () => {
  azurite = await startAzurite();
  internet = await startInternet();
  const jpeg = await photo({ width: 160, height: 120 });
  const pages = new Map<string, Buffer>([
    ['/a.jpg?sig=secret', jpeg],
    ['/limit.jpg', Buffer.concat([jpeg, Buffer.alloc(20 * MIB - jpeg.length)])],
    ['/large.jpg', Buffer.concat([jpeg, Buffer.alloc(20 * MIB + 1 - jpeg.length)])],
    ['/page.jpg', Buffer.from('<!doctype html>')],
    ['/empty.jpg', Buffer.alloc(0)],
  ]);
  await internet.site(({ url = '' }, response) => {
    const page = pages.get(url);
    if (page) response.writeHead(200, { 'content-type': 'text/html' }).end(page);
    else if (url === '/busy.jpg') response.writeHead(429, { 'retry-after': '77' }).end();
    else response.writeHead(url === '/down.jpg' ? 500 : 404).end();
  });
  for (const name of ['photos.example', 'localhost.photos.example', 'app.example'])
    internet.name(name, [PUBLIC]);
});
afterAll(async () => {
  const { intrusions } = internet;
  await internet.close();
  await azurite.close();
  expect(intrusions).toBe(0);
});

describe.each(OWN_HOSTS)('an image at an address, from $host', ({ host, start }) => {
  let running: RunningHost;
  let images: AzureBlobs;

  beforeAll(async () => {
    const service = await connectStorage({ connectionString: azurite.connectionString });
    images = new AzureBlobs(
      service.getContainerClient(`fetched-${OWN_HOSTS.findIndex((one) => one.host === host)}`),
    );
    const settings = { STORAGE: azurite.connectionString, IMAGES_CONTAINER: images.container };
    running = await start(settings, internet.network);
  });
  afterAll(() => running.close());

  function post(body: unknown, query = '', from = running): Promise<Response> {
    return from.fetch(`/api/prompts${query}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  }

  test('is described as its bytes would be, and the address is kept nowhere', async () => {
    const answer = await post({ url: 'http://photos.example/a.jpg?sig=secret' });
    expect(answer.status).toBe(200);
    const document = await readDocument(answer);
    expect(document.image).toMatchObject({ name: null, url: null, width: 160, height: 120, format: 'jpeg' });
    expect(JSON.stringify(document)).not.toMatch(/secret|photos\.example/);
    expect((await images.page({ size: 1 })).blobs).toEqual([]);
  });

  test('is stored under the name that is asked for', async () => {
    const url = 'http://photos.example/a.jpg?sig=secret';
    const first = await post({ url }, '?store=true&name=b/c.jpg&target=sdxl');
    expect([first.status, first.headers.get('location')]).toEqual([201, '/api/prompts/b/c.jpg']);
    expect(Object.keys((await readDocument(first)).prompts)).toEqual(['sdxl']);
    expect(await images.head(promptName('b/c.jpg'))).not.toBeNull();
    expect((await post({ url }, '?store=true&name=b/c.jpg')).status).toBe(200);
  });

  test.each([
    ['http://photos.example/limit.jpg', 200, undefined],
    ['http://photos.example/large.jpg', 413, 'image-too-large'],
    ['http://photos.example/page.jpg', 415, 'unsupported-image'],
    ['http://photos.example/empty.jpg', 422, 'empty-image'],
    ['http://photos.example/missing.jpg', 422, 'source-error'],
    ['http://photos.example/down.jpg', 502, 'source-unavailable'],
    ['http://nowhere.example/a.jpg', 502, 'source-unreachable'],
    ['http://127.0.0.1/a.jpg', 403, 'source-not-allowed'],
    ['http://169.254.169.254/metadata/instance', 403, 'source-not-allowed'],
    ['http://photos.example:8000/a.jpg', 403, 'source-not-allowed'],
    ['ftp://photos.example/a.jpg', 400, 'invalid-url'],
    [`http://photos.example/${'a'.repeat(8_192)}`, 400, 'invalid-url'],
    [`http://photos.example/${'a'.repeat(65_536)}`, 413, 'body-too-large'],
  ])('H22, U: %.60s is answered with %i %s', async (url, status, code) => {
    const answer = await post({ url });
    expect(answer.status).toBe(status);
    if (code !== undefined) expect((await readProblem(answer)).code).toBe(code);
    expect(answer.headers.get('retry-after')).toBe(status === 502 ? '30' : null);
  });

  test('U11: a source that asks for patience is passed on', async () => {
    const answer = await post({ url: 'http://photos.example/busy.jpg' });
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([502, '77']);
  });

  test('U5: the host that is asked does not ask itself', async () => {
    const own = host.includes('Functions') ? 'app.example' : 'localhost';
    internet.name('localhost', [PUBLIC]);
    const answer = await post({ url: `http://${own}/a.jpg?sig=secret` });
    expect((await readProblem(answer)).code).toBe('source-not-allowed');
  });

  test('is not fetched where the rest of the request is wrong', async () => {
    const before = internet.visited.length;
    const url = 'http://photos.example/a.jpg';
    const wrong = [
      post({ url }, '?name=a.jpg'),
      post({ url }, '?store=true&name=../a.jpg'),
      post({ url, blob: 'a.jpg' }),
      post({ url: 1 }),
      post({ url }, '?fetch=true'),
    ];
    expect((await Promise.all(wrong)).map(({ status }) => status)).toEqual([400, 400, 400, 400, 400]);
    expect(internet.visited.length).toBe(before);
  });

  test('comes only from the hosts that FETCH_ALLOWED_HOSTS allows', async () => {
    const narrow = await start(
      {
        STORAGE: azurite.connectionString,
        IMAGES_CONTAINER: images.container,
        FETCH_ALLOWED_HOSTS: '*.Photos.example, b.example',
      },
      internet.network,
    );
    const statuses = ['photos.example', 'localhost.photos.example'].map(
      async (name) => (await post({ url: `http://${name}/a.jpg?sig=secret` }, '', narrow)).status,
    );
    expect(await Promise.all(statuses)).toEqual([403, 200]);
    await narrow.close();
  });
});
