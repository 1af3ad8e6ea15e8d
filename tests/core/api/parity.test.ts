import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { AzureBlobs, connectStorage } from '../../../core/store/azure-blobs.ts';
import { startAzurite } from '../../azurite.ts';
import { photo } from '../../fixtures/images/photo.ts';
import { HOSTS, type RunningHost } from '../../hosts.ts';

let azurite: Awaited<ReturnType<typeof startAzurite>>;
let image: Uint8Array<ArrayBuffer>;
beforeAll(async () => {
  azurite = await startAzurite();
  image = new Uint8Array(await photo({ width: 200, height: 100 }));
});
afterAll(() => azurite.close());

type Ask = readonly [path: string, init?: RequestInit];

const json = { 'content-type': 'application/json' };
const post = (path: string, body: string, headers = json): Ask => [path, { method: 'POST', body, headers }];

/** These change nothing, so that every host is asked of the same container. */
const READING: readonly Ask[] = [
  ['/api/prompts'],
  ['/api/prompts?limit=2'],
  ['/api/prompts?limit=1000&prefix=a%20b/&status=done'],
  ['/api/prompts?status=edited'],
  ['/api/prompts?status=pending'],
  ['/api/prompts?limit=0&x=1&limit=2'],
  ['/api/prompts?cursor=nothing'],
  ['/api/prompts?name=a%20b/%C3%A9.jpg'],
  ['/api/prompts?name=a%20b%2F%C3%A9.jpg'],
  ['/api/prompts?name=a%252Fb.jpg'],
  ['/api/prompts?name=../a.jpg'],
  ['/api/prompts/a%20b/%C3%A9.jpg'],
  ['/api/prompts/a%20b/%C3%A9.jpg', { method: 'HEAD' }],
  ['/api/prompts/a%20b/%C3%A9.jpg', { headers: { 'if-none-match': '*' } }],
  ['/api/prompts/edited.jpg'],
  ['/api/prompts/waiting.jpg'],
  ['/api/prompts/none.jpg'],
  ['/api/prompts/a%2Fb.jpg'],
  ['/api/prompts/a%2fb.jpg'],
  ['/api/prompts/100%25%3F%23+%5C.jpg'],
  ['/api/prompts/a//b.jpg'],
  ['/api/prompts/%ff.jpg'],
  ['/api/prompts/a%00.jpg'],
  ['/api/prompts', { method: 'DELETE' }],
  ['/api/prompts/edited.jpg', { method: 'PUT', body: '{}', headers: json }],
  ['/api/prompts/edited.jpg', { method: 'PUT', body: '{}', headers: { ...json, 'if-match': '"0"' } }],
  ['/api/prompts/edited.jpg', { method: 'PATCH', body: '{}', headers: json }],
  post('/api/prompts', 'no image'),
  post('/api/prompts', '{"blob": "none.jpg"}'),
  post('/api/prompts', '{"blob": "a b/é.jpg", "blob": "edited.jpg"}'),
  post('/api/prompts', '{"url": "http://127.0.0.1/a.jpg"}'),
  post('/api/prompts', '{"url": "http://[::ffff:169.254.169.254]/a.jpg"}'),
  post('/api/prompts', '{"url": "ftp://a.example/a.jpg"}'),
  post('/api/prompts', '', { 'content-type': 'image/jpeg' }),
  post('/api/prompts', 'GIF89a', { 'content-type': 'image/gif' }),
  post('/api/prompts', '--x', { 'content-type': 'multipart/form-data; boundary=x' }),
  post('/api/prompts', '{}', { 'content-type': 'application/json; charset=latin1' }),
  post('/api/compose', '{"name": "a b/é.jpg", "targets": ["flux2", "sdxl"], "prefix": "Bild"}'),
  post('/api/compose', '{"name": "edited.jpg", "targets": ["flux2"]}'),
  post('/api/compose', '{"name": 1}'),
  post('/api/compose', '{"name": "\\ud800.jpg", "targets": ["flux2"]}'),
  post('/api/retries', '{"name": "none.jpg"}'),
  post('/api/retries', '{"__proto__": 1}'),
  post('/api/uploads', '{"name": "../a.jpg"}'),
  ['/api/thumbnails/a%20b/%C3%A9.jpg'],
  ['/api/thumbnails/a%2Fb.jpg'],
  ['/api/export?format=jsonl'],
  ['/api/export?format=xml'],
  ['/api/qr?text=hello&format=svg'],
  ['/api/qr?text=hello&size=64'],
  ['/api/qr'],
  ['/api/live'],
  ['/api/live', { headers: { accept: 'image/png' } }],
  ['/api/openapi.json'],
  ['/api/docs'],
  ['/api/docs/start.js'],
  ['/api/nothing'],
  ['/'],
];

/** In this order; every host begins with an empty container. */
const WRITING: readonly Ask[] = [
  ['/api/prompts?target=sdxl&language=de', { method: 'POST' }],
  ['/api/prompts?store=true&name=a%20b/%C3%A9.jpg', { method: 'POST' }],
  ['/api/prompts?store=true&name=a%20b/%C3%A9.jpg', { method: 'POST' }],
  post('/api/prompts', '{"blob": "a b/é.jpg"}'),
  post('/api/prompts?force=true', '{"blob": "a b/é.jpg"}'),
  ['/api/prompts/a%20b/%C3%A9.jpg'],
  ['/api/prompts'],
  [
    '/api/prompts/a%20b/%C3%A9.jpg',
    { method: 'PUT', body: '{"prompt": "mine"}', headers: { ...json, 'if-match': '*' } },
  ],
  ['/api/prompts/a%20b/%C3%A9.jpg'],
  post('/api/retries', '{"name": "a b/é.jpg"}'),
  post('/api/retries', '{"prefix": ""}'),
];

/** Of the connection, or of one occasion. HSTS is for those who came by https. */
const OWN_HEADERS = [
  ...['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'date'],
  ...['x-request-id', 'strict-transport-security'],
];
const OWN_FIELDS = ['generatedAt', 'requestId'];

/** Times and versions of what a host writes itself, and where. */
const WRITTEN_FIELDS = ['etag', 'lastModified', 'promptedAt', 'container', 'url'];

/** Everything of the answers but what is each host's own, one text for each. */
async function answersOf(
  host: RunningHost,
  requests: readonly Ask[],
  [fields, headers]: readonly [fields: readonly string[], headers: readonly string[]],
): Promise<string[]> {
  const value = new RegExp(`"(${fields.join('|')})": *("[^"]*"|null)`, 'g');
  const answers: string[] = [];
  for (const [path, init] of requests) {
    const sent = init?.method === 'POST' && init.body === undefined ? { ...init, body: image } : init;
    const answer = await host.fetch(path, sent);
    const told = [...answer.headers].filter(([name]) => !headers.includes(name)).sort();
    const body = Buffer.from(await answer.arrayBuffer()).toString('latin1');
    const asked = `${init?.method ?? 'GET'} ${path}`;
    answers.push([asked, answer.status, ...told, body.replace(value, '"$1":0')].join('\n'));
  }
  return answers;
}

/** What every host answers, one after the other. */
async function askAll(
  requests: readonly Ask[],
  own: Parameters<typeof answersOf>[2],
  containerOf: (index: number) => string,
): Promise<void> {
  const told: string[][] = [];
  for (const [index, { start }] of HOSTS.entries()) {
    const settings = { STORAGE: azurite.connectionString, IMAGES_CONTAINER: containerOf(index) };
    const host = await start({ ...settings, RATE_LIMIT: 'off' });
    told.push(await answersOf(host, requests, own));
    await host.close();
  }
  const [app, container, functions] = told;
  expect(app).toHaveLength(requests.length);
  expect(container).toEqual(app);
  expect(functions).toEqual(app);
}

test('the same requests of the same images get the same bytes and headers from every host', async () => {
  const service = await connectStorage({ connectionString: azurite.connectionString });
  const blobs = new AzureBlobs(service.getContainerClient('parity'));
  await blobs.create();
  const [alone] = HOSTS;
  const host = await alone?.start({ STORAGE: azurite.connectionString, IMAGES_CONTAINER: 'parity' });
  for (const name of ['a%20b/%C3%A9.jpg', 'edited.jpg']) {
    await host?.fetch(`/api/prompts?store=true&name=${name}`, { method: 'POST', body: image });
  }
  const edit = { method: 'PUT', body: '{"prompt": "mine"}', headers: { ...json, 'if-match': '*' } };
  expect((await host?.fetch('/api/prompts/edited.jpg', edit))?.status).toBe(200);
  await blobs.write('waiting.jpg', image, { contentType: 'image/jpeg', condition: 'new' });
  await askAll(READING, [OWN_FIELDS, OWN_HEADERS], () => 'parity');
});

test('the same requests that write get the same bytes from every host', async () => {
  const own = [
    [...OWN_FIELDS, ...WRITTEN_FIELDS],
    [...OWN_HEADERS, 'etag'],
  ] as const;
  await askAll(WRITING, own, (index) => `parity-${index}`);
});
