import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startAzurite } from '../../azurite.ts';
import { photo } from '../../fixtures/images/photo.ts';
import { HOSTS } from '../../hosts.ts';

let azurite: Awaited<ReturnType<typeof startAzurite>>;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.close());

const json = { 'content-type': 'application/json' };

/** In this order; every host begins with an empty container. */
const requests: readonly (readonly [string, RequestInit?])[] = [
  ['/api/prompts?target=sdxl&language=de', { method: 'POST' }],
  ['/api/prompts?store=true&name=a%20b/%C3%A9.jpg', { method: 'POST' }],
  ['/api/prompts', { method: 'POST', body: 'no image' }],
  ['/api/prompts', { method: 'POST', body: '{"blob": "a b/é.jpg"}', headers: json }],
  ['/api/prompts/a%20b/%C3%A9.jpg'],
  ['/api/prompts/a%2Fb.jpg'],
  ['/api/prompts/none.jpg'],
  ['/api/prompts?limit=0&x=1'],
  ['/api/prompts', { method: 'DELETE' }],
  ['/api/compose', { method: 'POST', body: '{"name": "a b/é.jpg", "targets": ["flux2"]}', headers: json }],
  ['/api/compose', { method: 'POST', body: '{"name": 1}', headers: json }],
  ['/api/retries', { method: 'POST', body: '{"name": "a b/é.jpg"}', headers: json }],
  ['/api/qr?text=hello&format=svg'],
  ['/api/openapi.json'],
  ['/api/nothing'],
];

/** What belongs to one occasion: times, ids, versions of blobs, and the address of the container. */
const OCCASION = /"(generatedAt|requestId|etag|lastModified|promptedAt|container|url)": *("[^"]*"|null)/g;

test('The same requests get the same bytes from every host', async () => {
  const image = new Uint8Array(await photo({ width: 200, height: 100 }));
  const told: string[][] = [];
  for (const [index, { start }] of HOSTS.entries()) {
    const settings = { STORAGE: azurite.connectionString, IMAGES_CONTAINER: `parity-${index}` };
    const host = await start({ ...settings, RATE_LIMIT: 'off' });
    const answers: string[] = [];
    for (const [path, init] of requests) {
      const sent = init?.method === 'POST' && init.body === undefined ? { ...init, body: image } : init;
      const answer = await host.fetch(path, sent);
      const { status, headers } = answer;
      const body = (await answer.text()).replace(OCCASION, '"$1":0');
      answers.push([path, status, headers.get('content-type'), headers.get('location'), body].join('\n'));
    }
    told.push(answers);
    await host.close();
  }
  const [app, container, functions] = told;
  expect(app).toHaveLength(requests.length);
  expect(container).toEqual(app);
  expect(functions).toEqual(app);
}, 60_000);
