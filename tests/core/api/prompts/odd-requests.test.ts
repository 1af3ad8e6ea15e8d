import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { describeQuery } from '../../../../core/api/prompts/describe-operation.ts';
import { AzureBlobs, connectStorage } from '../../../../core/store/azure-blobs.ts';
import { promptName } from '../../../../core/store/names.ts';
import { readDocument, readList, readProblem } from '../../../answers.ts';
import { startAzurite } from '../../../azurite.ts';
import { photo } from '../../../fixtures/images/photo.ts';
import { HOSTS, type RunningHost } from '../../../hosts.ts';

let azurite: Awaited<ReturnType<typeof startAzurite>>;
let image: Uint8Array<ArrayBuffer>;

beforeAll(async () => {
  azurite = await startAzurite();
  image = new Uint8Array(await photo({ width: 160, height: 120 }));
});
afterAll(() => azurite.close());

const JSON_TYPE = { 'content-type': 'application/json' };

test.each([
  ['DE', 'de'],
  ['zh-HANS-cn', 'zh-Hans-CN'],
  ['sr-latn', 'sr-Latn'],
  ['de-1996', 'de-1996'],
])('a language is asked for with %s as with %s', (tag, usual) => {
  expect(describeQuery.language.parse(tag)).toBe(usual);
});

describe.each(HOSTS)('from $host', ({ host, start }) => {
  let running: RunningHost;
  let blobs: AzureBlobs;

  beforeAll(async () => {
    const container = `odd-${HOSTS.findIndex((one) => one.host === host)}`;
    running = await start({ STORAGE: azurite.connectionString, IMAGES_CONTAINER: container });
    const service = await connectStorage({ connectionString: azurite.connectionString });
    blobs = new AzureBlobs(service.getContainerClient(container));
  });
  afterAll(() => running.close());

  const store = (query: string) =>
    running.fetch(`/api/prompts?store=true&${query}`, { method: 'POST', body: image });
  const ask = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    running.fetch(path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { ...JSON_TYPE, ...headers },
    });
  const codeOf = async (answer: Response) => [answer.status, (await readProblem(answer)).code];

  test('the path that is told leads to an image whose name has an encoded slash', async () => {
    const stored = await store(`name=${encodeURIComponent('odd%2Fslash.jpg')}`);
    const location = stored.headers.get('location') ?? '';
    expect([stored.status, location]).toEqual([201, '/api/prompts?name=odd%252Fslash.jpg']);
    expect((await readDocument(await running.fetch(location))).image.name).toBe('odd%2Fslash.jpg');
    const { items } = await readList(await running.fetch('/api/prompts?prefix=odd'));
    expect(items.map(({ href }) => href)).toEqual([location]);
  });

  test.each(['caf%E9.png', '100%.png', 'a%2'])(
    'a name that cannot be decoded, %s, is refused',
    async (name) => {
      expect(await codeOf(await store(`name=${name}`))).toEqual([400, 'invalid-request']);
      expect(await codeOf(await running.fetch('/api/prompts?prefix=%E9'))).toEqual([400, 'invalid-request']);
    },
  );

  test('a name of more segments than Azure has is refused', async () => {
    const name = `${'a/'.repeat(254)}b.jpg`;
    expect(await codeOf(await store(`name=${name}`))).toEqual([400, 'invalid-name']);
    expect(await codeOf(await running.fetch(`/api/prompts/${name}`))).toEqual([400, 'invalid-name']);
  });

  test('other targets of a prompt that a person wrote are refused, as composing them is', async () => {
    const [name, mine] = ['mine.jpg', '{"prompt":"mine"}'];
    expect((await store(`name=${name}`)).status).toBe(201);
    await blobs.write(promptName(name), Buffer.from(mine), {
      ...{ contentType: 'application/json', condition: 'any' },
    });
    expect(await (await ask('/api/prompts', { blob: name })).text()).toBe(mine);
    const asked = [
      await ask('/api/prompts?target=sdxl', { blob: name }),
      await ask('/api/compose', { name, targets: ['sdxl'] }),
    ];
    for (const answer of asked) expect(await codeOf(answer)).toEqual([422, 'prompt-not-composable']);
  });

  test('what is told of an image is for nobody else, and not to be told again unasked', async () => {
    expect((await store('name=cached.jpg')).status).toBe(201);
    for (const path of ['/api/prompts/cached.jpg', '/api/prompts?prefix=cached']) {
      const answer = await running.fetch(path);
      expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'private, no-cache']);
    }
    const { headers } = await running.fetch('/api/prompts/cached.jpg');
    const known = { 'if-none-match': headers.get('etag') ?? '' };
    const same = await running.fetch('/api/prompts/cached.jpg', { headers: known });
    expect([same.status, same.headers.get('cache-control')]).toEqual([304, 'private, no-cache']);
  });

  test('a JSON body that is too long is told to be that', async () => {
    const long = { url: `http://photos.example/${'a'.repeat(70_000)}` };
    expect(await codeOf(await ask('/api/prompts', long))).toEqual([413, 'body-too-large']);
  });

  test.each([
    ['DE', 200],
    ['zh-HANS-cn', 200],
    ['d', 400],
    ['de_AT', 400],
  ])('the language %s is answered with %i', async (language, status) => {
    const answer = await running.fetch(`/api/prompts?language=${language}`, { method: 'POST', body: image });
    expect(answer.status).toBe(status);
  });

  test('an image that comes later is described for a key that it was missed with', async () => {
    const headers = { 'idempotency-key': `late of ${host}` };
    const missed = await ask('/api/prompts', { blob: 'late.jpg' }, headers);
    expect(missed.status).toBe(404);
    await blobs.write('late.jpg', image, { contentType: 'image/jpeg', condition: 'new' });
    const found = await ask('/api/prompts', { blob: 'late.jpg' }, headers);
    expect([found.status, found.headers.get('idempotency-replayed')]).toEqual([200, null]);
  });
});
