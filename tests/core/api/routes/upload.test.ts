import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { promptName } from '../../../../core/store/names.ts';
import { readProblem } from '../../../answers.ts';
import { startAzurite } from '../../../azurite.ts';
import { photo } from '../../../fixtures/images/photo.ts';
import { HOSTS } from '../../../hosts.ts';
import { openStage, type Stage } from './stage.ts';

const signed = z.strictObject({
  name: z.string(),
  url: z.string(),
  method: z.literal('PUT'),
  headers: z.record(z.string(), z.string()),
  expiresAt: z.iso.datetime(),
});

let azurite: Awaited<ReturnType<typeof startAzurite>>;
let jpeg: Uint8Array<ArrayBuffer>;

beforeAll(async () => {
  azurite = await startAzurite();
  jpeg = new Uint8Array(await photo({ width: 160, height: 120 }));
});
afterAll(() => azurite.close());

describe.each(HOSTS)('POST /api/uploads on $host', (host) => {
  let stage: Stage;

  beforeAll(async () => {
    const settings = { IMAGES_PREFIX: 'in/' };
    stage = await openStage(host, {
      connectionString: azurite.connectionString,
      purpose: 'upload',
      settings,
    });
  });
  afterAll(() => stage.close());

  const ask = (body: unknown) => stage.send('POST', '/api/uploads', body);
  const sign = async (body: unknown) => signed.parse(await (await ask(body)).json());

  test('gives an address that an image can be stored at, and described from', async () => {
    const answer = await ask({ name: 'in/a b/é#?%.jpg', contentType: 'image/jpeg' });
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
    const { name, url, method, headers, expiresAt } = signed.parse(await answer.json());
    const left = Date.parse(expiresAt) - Date.now();
    expect(left).toBeLessThanOrEqual(600_000);
    expect(left).toBeGreaterThan(300_000);
    expect((await fetch(url, { method, headers, body: jpeg })).status).toBe(201);
    expect(await stage.blobs.head(name)).toMatchObject({ size: jpeg.length, contentType: 'image/jpeg' });
    expect((await stage.send('POST', '/api/prompts', { blob: name })).status).toBe(200);
    expect(await stage.blobs.head(promptName(name))).not.toBeNull();
  });

  test('is not kept for an Idempotency-Key: an address is a secret, and ends before the day does', async () => {
    const headers = { 'content-type': 'application/json', 'idempotency-key': 'same' };
    const body = JSON.stringify({ name: 'in/kept.jpg' });
    for (let time = 0; time < 2; time++) {
      const answer = await stage.fetch('/api/uploads', { method: 'POST', headers, body });
      expect([answer.status, answer.headers.get('idempotency-replayed')]).toEqual([200, null]);
    }
  });

  test('the address creates this one blob, and nothing else', async () => {
    const { url, headers } = await sign({ name: 'in/one.jpg' });
    const put = (to: string, extra = {}) =>
      fetch(to, { method: 'PUT', headers: { ...headers, ...extra }, body: jpeg });
    expect((await put(url.replace('one.jpg', 'two.jpg'))).status).toBe(403);
    expect((await put(url)).status).toBe(201);
    const { etag } = (await stage.blobs.head('in/one.jpg')) ?? {};
    expect((await put(url)).status).toBeGreaterThanOrEqual(400);
    const query = new URL(url).search;
    const root = url.slice(0, url.indexOf('/in/'));
    const others = [
      [url, 'GET'],
      [url, 'HEAD'],
      [url, 'DELETE'],
      [`${url}&comp=metadata`, 'PUT'],
      [`${root}${query}&restype=container&comp=list`, 'GET'],
    ] as const;
    for (const [address, method] of others) {
      expect([method, (await fetch(address, { method })).status]).toEqual([method, 403]);
    }
    expect((await stage.blobs.head('in/one.jpg'))?.etag).toBe(etag);
  });

  test('the signature covers permission, protocol and end', async () => {
    const { url, headers } = await sign({ name: 'in/forged.jpg' });
    const { searchParams } = new URL(url);
    expect(searchParams.get('sp')).toBe('c');
    expect(searchParams.get('sr')).toBe('b');
    for (const [key, value] of [
      ['sp', 'rcw'],
      ['se', '2099-01-01T00:00:00Z'],
      ['spr', 'http'],
    ] as const) {
      const forged = new URL(url);
      forged.searchParams.set(key, value);
      expect((await fetch(forged, { method: 'PUT', headers, body: jpeg })).status).toBe(403);
    }
  });

  test('refuses a name that is taken', async () => {
    await stage.drop('in/taken.jpg', jpeg);
    expect(await readProblem(await ask({ name: 'in/taken.jpg' }))).toMatchObject({
      status: 409,
      code: 'name-taken',
    });
  });

  test('refuses names of no image, outside the prefix, or that storage would change', async () => {
    const names = [
      ...['in/a.txt', 'in/a.jpg.prompt.json', 'out/a.jpg', 'in/none', '', 'in/../out/a.jpg'],
      ...['in/./a.jpg', 'in\\..\\a.jpg', `in/${'x'.repeat(1_100)}.jpg`, 'in/\u0007.jpg', 'in/\ud800.jpg'],
    ];
    for (const name of names) {
      expect([name, (await readProblem(await ask({ name }))).code]).toEqual([name, 'invalid-name']);
    }
    expect((await ask({ name: 'in/none', contentType: 'image/png' })).status).toBe(200);
  });

  test('refuses a content type that is no image, and unknown members', async () => {
    const bodies = [
      { name: 'in/a.jpg', contentType: 'text/html' },
      { name: 'in/a.jpg', contentType: 'image/png\r\nx: y' },
      { name: 'in/a.jpg', permissions: 'rw' },
      { name: 7 },
    ];
    for (const body of bodies) {
      expect(await readProblem(await ask(body))).toMatchObject({ status: 400, code: 'invalid-request' });
    }
  });
});
