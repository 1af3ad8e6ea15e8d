import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AzureBlobs, connectStorage } from '../../../../core/store/azure-blobs.ts';
import { errorName, promptName } from '../../../../core/store/names.ts';
import { readDocument, readProblem } from '../../../answers.ts';
import { startAzurite } from '../../../azurite.ts';
import { photo } from '../../../fixtures/images/photo.ts';
import { HOSTS, type RunningHost } from '../../../hosts.ts';

let azurite: Awaited<ReturnType<typeof startAzurite>>;
let jpeg: Buffer;

beforeAll(async () => {
  azurite = await startAzurite();
  jpeg = await photo({ width: 640, height: 480 });
});
afterAll(() => azurite.close());

describe.each(HOSTS)('prompts from $host', ({ host, start }) => {
  let running: RunningHost;
  let blobs: AzureBlobs;

  beforeAll(async () => {
    const container = `prompts-${HOSTS.findIndex((one) => one.host === host)}`;
    running = await start({ STORAGE: azurite.connectionString, IMAGES_CONTAINER: container });
    const service = await connectStorage({ connectionString: azurite.connectionString });
    blobs = new AzureBlobs(service.getContainerClient(container));
  });
  afterAll(() => running.close());

  const post = (query = '', body: RequestInit['body'] = jpeg, headers: Record<string, string> = {}) =>
    running.fetch(`/api/prompts${query}`, { method: 'POST', body, headers });
  const drop = (name: string, bytes: Uint8Array = jpeg, contentType = 'image/jpeg') =>
    blobs.write(name, bytes, { contentType, condition: 'any' });
  const blob = (name: string) => JSON.stringify({ blob: name });
  const json = { 'content-type': 'application/json' };

  describe('POST /api/prompts', () => {
    test('answers the document of the image that is sent, and stores nothing', async () => {
      const answer = await post('', jpeg, { 'content-type': 'image/jpeg' });
      expect(answer.status).toBe(200);
      const document = await readDocument(answer);
      expect(document.image).toMatchObject({
        name: null,
        url: null,
        width: 640,
        height: 480,
        bytes: jpeg.length,
      });
      expect((await blobs.page({ size: 10 })).blobs).toEqual([]);
    });

    test('H4: trusts the bytes, not what the client calls them', async () => {
      for (const type of ['text/html', 'image/png', 'application/octet-stream']) {
        expect((await post('', jpeg, { 'content-type': type })).status).toBe(200);
      }
    });

    test('takes the file of a multipart form', async () => {
      const form = new FormData();
      form.set('image', new Blob([new Uint8Array(jpeg)]), '../../evil.php');
      const answer = await post('', form);
      expect(answer.status).toBe(200);
      expect((await readDocument(answer)).image.sha256).toMatch(/^[0-9a-f]{64}$/);
    });

    test('refuses a multipart form with no file, two files, or text in its place', async () => {
      const two = new FormData();
      two.append('image', new Blob(['a']));
      two.append('image', new Blob(['b']));
      const words = new FormData();
      words.set('image', 'words');
      for (const form of [new FormData(), two, words]) expect((await post('', form)).status).toBe(400);
    });

    test('makes exactly the targets that are asked for', async () => {
      const document = await readDocument(await post('?target=sdxl&target=midjourney&target=sdxl'));
      expect(Object.keys(document.prompts)).toEqual(['sdxl', 'midjourney']);
    });

    test('stores the image and its prompt when asked to, under its name', async () => {
      const answer = await post('?store=true&name=in/a%20b.jpg');
      expect(answer.status).toBe(201);
      expect(answer.headers.get('location')).toBe('/api/prompts/in/a%20b.jpg');
      const document = await readDocument(answer);
      expect(document.image).toMatchObject({
        name: 'in/a b.jpg',
        etag: (await blobs.head('in/a b.jpg'))?.etag,
      });
      const stored = await blobs.read(promptName('in/a b.jpg'), { maxBytes: 1e6 });
      expect(JSON.parse(Buffer.from(stored?.bytes ?? []).toString())).toEqual(document);
    });

    test('answers the stored prompt when the same image is stored again, and refuses another of its name', async () => {
      const first = await readDocument(await post('?store=true&name=same.jpg'));
      const again = await post('?store=true&name=same.jpg');
      expect(again.status).toBe(200);
      expect(await again.json()).toEqual(first);
      const other = await post('?store=true&name=same.jpg', await photo({ width: 100, height: 100 }));
      expect(other.status).toBe(409);
      expect((await readProblem(other)).code).toBe('name-taken');
    });

    test('gives an image without a name one that depends on its content', async () => {
      const answer = await post('?store=true');
      expect(answer.headers.get('location')).toMatch(/^\/api\/prompts\/uploads\/[0-9a-f]{16}\.jpg$/);
      expect((await post('?store=true')).status).toBe(200);
    });

    test('describes a stored image, once', async () => {
      await drop('stored.jpg');
      const first = await readDocument(await post('', blob('stored.jpg'), json));
      expect(first.image.name).toBe('stored.jpg');
      expect(await readDocument(await post('', blob('stored.jpg'), json))).toEqual(first);
      const other = await readDocument(await post('?target=sdxl', blob('stored.jpg'), json));
      expect(other).toEqual({ ...first, prompts: { sdxl: first.prompts.sdxl } });
    });

    test('the same bytes give the same prompts, sent or stored', async () => {
      await drop('either.jpg');
      const sent = await readDocument(await post());
      const stored = await readDocument(await post('', blob('either.jpg'), json));
      expect(sent.prompts).toEqual(stored.prompts);
    });

    test('a stored image that cannot be described gets its error JSON', async () => {
      await drop('broken.jpg', Buffer.from('no image'));
      const answer = await post('', blob('broken.jpg'), json);
      expect(answer.status).toBe(415);
      const stored = await blobs.read(errorName('broken.jpg'), { maxBytes: 1e6 });
      expect(JSON.parse(Buffer.from(stored?.bytes ?? []).toString())).toMatchObject({
        code: 'unsupported-image',
      });
    });

    test('keeps a prompt that a person wrote, unless it is told to remake it', async () => {
      await drop('mine.jpg');
      await post('', blob('mine.jpg'), json);
      const mine = Buffer.from('{"prompt":"a cat in the style of my grandmother"}');
      await drop(promptName('mine.jpg'), mine, 'application/json');
      expect(await (await post('', blob('mine.jpg'), json)).text()).toBe(mine.toString());
      const remade = await readDocument(await post('?force=true', blob('mine.jpg'), json));
      expect(remade.schemaVersion).toBe(1);
    });

    test('keeps the words a person put into a prompt, and composes only what is missing', async () => {
      await drop('words.jpg');
      const made = await readDocument(await post('', blob('words.jpg'), json));
      const { sdxl, plain } = made.prompts;
      if (!sdxl || !plain) throw new Error('both targets are in the settings');
      const edited = { ...made, prompts: { plain: { ...plain, prompt: 'my own words' } } };
      await drop(promptName('words.jpg'), Buffer.from(JSON.stringify(edited)), 'application/json');
      const answer = await readDocument(await post('?target=plain&target=sdxl', blob('words.jpg'), json));
      expect(answer.prompts.plain?.prompt).toBe('my own words');
      expect(answer.prompts.sdxl).toEqual(sdxl);
    });

    test('leaves a stored blob alone that is no image by its name', async () => {
      await drop('notes.txt', Buffer.from('words'), 'text/plain');
      expect((await post('', blob('notes.txt'), json)).status).toBe(400);
      expect(await blobs.head(errorName('notes.txt'))).toBeNull();
    });

    test.each([
      ['', '', {}, 400, 'empty-body'],
      ['', '{"blob":', json, 400, 'invalid-json'],
      ['', '{"blob":1}', json, 400, 'invalid-request'],
      ['', '{"blob":"a.jpg","x":1}', json, 400, 'invalid-request'],
      ['', '[]', json, 400, 'invalid-request'],
      ['', '{"blob":"missing.jpg"}', json, 404, 'not-found'],
      ['', '{"blob":"../other/x.jpg"}', json, 400, 'invalid-name'],
      ['?target=dalle', 'x', {}, 400, 'invalid-request'],
      ['?store=maybe', 'x', {}, 400, 'invalid-request'],
      ['?unknown=1', 'x', {}, 400, 'invalid-request'],
      ['?name=a.jpg', 'x', {}, 400, 'invalid-request'],
      ['?store=true&name=a.txt', 'x', {}, 400, 'invalid-name'],
      ['?store=true&name=../a.jpg', 'x', {}, 400, 'invalid-name'],
      ['?store=true&name=a.jpg.prompt.json', 'x', {}, 400, 'invalid-name'],
      ['', 'x', { 'content-encoding': 'gzip' }, 415, 'unsupported-media-type'],
      ['', 'x', { 'content-type': 'multipart/form-data' }, 400, 'invalid-request'],
    ])('%s with %j is refused', async (query, body, headers, status, code) => {
      const answer = await post(query, body, headers as Record<string, string>);
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect([answer.status, await answer.json()]).toEqual([
        status,
        expect.objectContaining({
          code,
          type: code,
          status,
          title: expect.any(String),
          requestId: expect.any(String),
        }),
      ]);
    });
  });

  describe('GET /api/prompts/{name}', () => {
    test('answers the prompt with its ETag, and 304 to whoever has it', async () => {
      await post('?store=true&name=get/ä%20%25.jpg');
      const path = '/api/prompts/get/%C3%A4%20%25.jpg';
      const answer = await running.fetch(path);
      expect(answer.status).toBe(200);
      expect((await readDocument(answer)).image.name).toBe('get/ä %.jpg');
      const etag = answer.headers.get('etag') ?? '';
      expect((await running.fetch(path, { headers: { 'if-none-match': etag } })).status).toBe(304);
      expect((await running.fetch(path, { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
      expect((await running.fetch('/api/prompts?name=get/%C3%A4%20%25.jpg')).status).toBe(200);
    });

    test('answers 202 while there is an image and nothing else', async () => {
      await drop('waiting.jpg');
      const answer = await running.fetch('/api/prompts/waiting.jpg');
      expect(answer.status).toBe(202);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    });

    test('answers 202 again when the image has changed since its prompt was made', async () => {
      await post('?store=true&name=moved-on.jpg');
      await drop('moved-on.jpg', await photo({ width: 90, height: 60 }));
      expect((await running.fetch('/api/prompts/moved-on.jpg')).status).toBe(202);
    });

    test('answers the stored problem of an image that was refused', async () => {
      await drop('refused.jpg', Buffer.from('no image'));
      await post('', blob('refused.jpg'), json);
      const answer = await running.fetch('/api/prompts/refused.jpg');
      expect(answer.status).toBe(422);
      expect(await answer.json()).toMatchObject({ code: 'unsupported-image', status: 415, retryable: false });
    });

    test.each([
      ['/api/prompts/missing.jpg', 404],
      ['/api/prompts/notes.txt', 404],
      ['/api/prompts/a%2Fb.jpg', 400],
      ['/api/prompts/a%252Fb.jpg', 400],
      ['/api/prompts/%ff.jpg', 400],
      ['/api/prompts/a%00.jpg', 400],
      ['/api/prompts?name=', 400],
      ['/api/nothing', 404],
      ['/', 404],
    ])('%s answers %i as a problem', async (path, status) => {
      const answer = await running.fetch(path);
      expect([answer.status, (await readProblem(answer)).status]).toEqual([status, status]);
    });
  });

  test('live and health answer, also without the API in front', async () => {
    expect((await running.fetch('/api/live')).status).toBe(200);
    for (const path of ['/api/health', '/health']) {
      const answer = await running.fetch(path);
      expect([answer.status, await answer.json()]).toEqual([
        200,
        {
          status: 'ok',
          checks: { images: 'ok', state: 'ok', queue: 'ok', temp: 'ok', disk: 'ok', vision: 'ok' },
        },
      ]);
    }
  });

  test('a method that a path does not have is refused with those it has', async () => {
    const answer = await running.fetch('/api/prompts/a.jpg', { method: 'DELETE' });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD, PUT, OPTIONS']);
    expect((await running.fetch('/api/prompts', { method: 'PATCH' })).headers.get('allow')).toBe(
      'GET, HEAD, POST, PUT, OPTIONS',
    );
    const head = await running.fetch('/api/prompts/get/%C3%A4%20%25.jpg', { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  test('a request keeps the id it came with, and gets one otherwise', async () => {
    const named = await running.fetch('/api/live', { headers: { 'x-request-id': 'mine-1' } });
    expect(named.headers.get('x-request-id')).toBe('mine-1');
    const odd = await running.fetch('/api/live', { headers: { 'x-request-id': '<script>' } });
    expect(odd.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});
