import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readProblem } from '../../../answers.ts';
import { startAzurite } from '../../../azurite.ts';
import { photo } from '../../../fixtures/images/photo.ts';
import { HOSTS } from '../../../hosts.ts';

let azurite: Awaited<ReturnType<typeof startAzurite>>;
let image: Uint8Array<ArrayBuffer>;
beforeAll(async () => {
  azurite = await startAzurite();
  image = new Uint8Array(await photo({ width: 200, height: 100 }));
});
afterAll(() => azurite.close());

const KEYS = ['one', 'other'];
const API_KEYS = KEYS.map((key) => createHash('sha256').update(key).digest('hex')).join(',');

describe.each(HOSTS)('H29: $host', ({ host: name, start }) => {
  const begin = (settings: Record<string, string> = {}) =>
    start({ STORAGE: azurite.connectionString, ...settings });
  type Host = Awaited<ReturnType<typeof begin>>;
  /** Names of images and keys are one host's own: they share a storage. */
  const own = (text: string) => `${text} of ${name}`.replaceAll(' ', '-');
  const post = (
    host: Host,
    key: string,
    {
      query = '',
      body = image,
      headers = {},
    }: { query?: string; body?: string | Uint8Array<ArrayBuffer>; headers?: Record<string, string> } = {},
  ) =>
    host.fetch(`/api/prompts${query}`, {
      method: 'POST',
      body,
      headers: { 'idempotency-key': own(key), ...headers },
    });

  test('answers the same request with the same answer, and does it once', async () => {
    const host = await begin();
    const query = `?store=true&name=${own('once')}.jpg`;
    const first = await post(host, 'once', { query });
    const again = await post(host, 'once', { query });
    expect([first.status, again.status]).toEqual([201, 201]);
    expect([first, again].map(({ headers }) => headers.get('idempotency-replayed'))).toEqual([null, 'true']);
    expect(again.headers.get('location')).toBe(first.headers.get('location'));
    expect(again.headers.get('content-type')).toBe(first.headers.get('content-type'));
    expect(again.headers.get('x-request-id')).not.toBe(first.headers.get('x-request-id'));
    expect(await again.text()).toBe(await first.text());
    // Without the key the second would find the image stored.
    const withoutKey = await host.fetch(`/api/prompts${query}`, { method: 'POST', body: image });
    expect(withoutKey.status).toBe(200);
    await host.close();
  });

  test('says of the same request that it still runs', async () => {
    const host = await begin();
    const query = `?store=true&name=${own('parallel')}.jpg`;
    const answers = await Promise.all(Array.from({ length: 10 }, () => post(host, 'parallel', { query })));
    const done = answers.filter(({ status }) => status === 201);
    const running = answers.filter(({ status }) => status === 409);
    expect(done.filter(({ headers }) => !headers.has('idempotency-replayed'))).toHaveLength(1);
    expect(done.length + running.length).toBe(10);
    for (const answer of running) {
      expect(answer.headers.get('retry-after')).toBe('2');
      expect((await readProblem(answer)).code).toBe('idempotency-in-progress');
    }
    await host.close();
  });

  test('keeps a refusal, too', async () => {
    const host = await begin();
    const body = 'this is no image';
    const refusals = [await post(host, 'refused', { body }), await post(host, 'refused', { body })];
    expect(refusals.map(({ status }) => status)).toEqual([415, 415]);
    expect(refusals[1]?.headers.get('idempotency-replayed')).toBe('true');
    const [first, again] = await Promise.all(refusals.map((answer) => answer.text()));
    expect(again).toBe(first);
    await host.close();
  });

  test('refuses the key for another body, or another query', async () => {
    const host = await begin();
    await post(host, 'taken');
    for (const other of [{ body: 'another body' }, { query: '?language=de' }]) {
      const refused = await post(host, 'taken', other);
      expect([refused.status, (await readProblem(refused)).code]).toEqual([422, 'idempotency-mismatch']);
    }
    await host.close();
  });

  test('has a route that takes no forms refuse them in its own way', async () => {
    const host = await begin();
    const headers = { 'content-type': 'multipart/form-data' };
    const asked = [headers, { ...headers, 'idempotency-key': own('no form') }].map((each) =>
      host.fetch('/api/batches', { method: 'POST', body: '{}', headers: each }),
    );
    const [bare, keyed] = await Promise.all((await Promise.all(asked)).map((answer) => readProblem(answer)));
    expect(keyed).toMatchObject({ status: bare?.status, code: bare?.code, detail: bare?.detail });
    await host.close();
  });

  test('takes a form for the same one, whatever boundary it was sent with', async () => {
    const host = await begin();
    const query = `?store=true&name=${own('form')}.jpg`;
    const send = (picture: Uint8Array<ArrayBuffer>, note = 'a') => {
      const form = new FormData();
      form.set('note', note);
      form.set('image', new File([picture], 'a.jpg'));
      const headers = { 'idempotency-key': own('form') };
      return host.fetch(`/api/prompts${query}`, { method: 'POST', body: form, headers });
    };
    const [first, again] = [await send(image), await send(image)];
    expect([first.status, again.status, again.headers.get('idempotency-replayed')]).toEqual([
      ...[201, 201],
      'true',
    ]);
    for (const other of [await send(image, 'b'), await send(image.subarray(1))]) {
      expect([other.status, (await readProblem(other)).code]).toEqual([422, 'idempotency-mismatch']);
    }
    await host.close();
  });

  test('takes a type for the same one, whatever its parameters', async () => {
    const host = await begin();
    const sent = async (type: string) => {
      const headers = { 'content-type': type };
      return (await post(host, 'type', { body: '{}', headers })).status;
    };
    expect([await sent('application/json'), await sent('Application/JSON; charset=utf-8')]).toEqual([
      400, 400,
    ]);
    expect(await sent('image/jpeg')).toBe(422);
    await host.close();
  });

  test('takes the key of one caller for nobody else, and for each route anew', async () => {
    const host = await begin({ AUTH: 'keys', API_KEYS });
    const first = await post(host, 'shared', { headers: { 'x-api-key': 'one' } });
    const other = await post(host, 'shared', { headers: { 'x-api-key': 'other' }, body: 'something else' });
    expect([first.status, other.status]).toEqual([200, 415]);
    const route = await host.fetch('/api/compose', {
      method: 'POST',
      body: '{}',
      headers: { 'x-api-key': 'one', 'idempotency-key': own('shared'), 'content-type': 'application/json' },
    });
    expect([route.status, (await readProblem(route)).code]).toEqual([400, 'invalid-request']);
    await host.close();
  });

  test.each(['', 'x'.repeat(256), 'ä'])('refuses %j as a key', async (key) => {
    const host = await begin();
    const headers = { 'idempotency-key': key };
    const refused = await host.fetch('/api/prompts', { method: 'POST', body: image, headers });
    expect([refused.status, (await readProblem(refused)).code]).toEqual([400, 'invalid-request']);
    await host.close();
  });
});
