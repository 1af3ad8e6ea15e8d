import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readProblem } from '../../../answers.ts';
import { startAzurite } from '../../../azurite.ts';
import { HOSTS } from '../../../hosts.ts';

let azurite: Awaited<ReturnType<typeof startAzurite>>;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.close());

const PAGE = 'https://app.example';
const SETTINGS = { AUTH: 'keys', API_KEYS: createHash('sha256').update('key').digest('hex') };

describe.each(HOSTS)('$host', ({ host: name, start }) => {
  const begin = (settings: Record<string, string> = {}) =>
    start({ STORAGE: azurite.connectionString, ...settings });

  test.each(['/api/live', '/api/prompts', '/api/prompts/none.jpg', '/api/unknown'])(
    'tells browsers to make nothing of %s but data',
    async (path) => {
      const host = await begin();
      const { headers } = await host.fetch(path);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
      expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; frame-ancestors 'none'/);
      expect(headers.get('x-request-id')).toMatch(/^[\w-]{36}$/);
      expect(headers.has('access-control-allow-origin')).toBe(false);
      await host.close();
    },
  );

  test('asks for https where it is reached by https, and not where it is not', async () => {
    const host = await begin({ TRUSTED_PROXIES: '1' });
    const isHttps = name.includes('Functions');
    expect((await host.fetch('/api/live')).headers.has('strict-transport-security')).toBe(isHttps);
    const headers = { 'x-forwarded-proto': 'https' };
    expect((await host.fetch('/api/live', { headers })).headers.has('strict-transport-security')).toBe(true);
    await host.close();
  });

  test('lets the pages of named origins call it, and says so before a key is sent', async () => {
    const host = await begin({ ...SETTINGS, CORS_ORIGINS: `${PAGE}, https://other.example` });
    const preflight = (origin: string) =>
      host.fetch('/api/prompts', {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'x-api-key,content-type',
        },
      });
    const allowed = await preflight(PAGE);
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get('access-control-allow-origin')).toBe(PAGE);
    expect(allowed.headers.get('access-control-allow-methods')).toContain('POST');
    expect(allowed.headers.get('access-control-allow-headers')).toBe('x-api-key,content-type');
    expect(allowed.headers.has('access-control-allow-credentials')).toBe(false);
    const refused = await preflight('https://evil.example');
    expect(refused.headers.has('access-control-allow-origin')).toBe(false);

    const headers = { origin: PAGE, 'x-api-key': 'key' };
    const answer = await host.fetch('/api/prompts', { headers });
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, PAGE]);
    expect(answer.headers.get('access-control-expose-headers')).toContain('retry-after');
    for (const open of ['/api/openapi.json', '/api/docs', '/api/live', '/api/health']) {
      const told = await host.fetch(open, { headers: { origin: PAGE } });
      expect([open, told.headers.get('access-control-allow-origin')]).toEqual([open, PAGE]);
    }
    // A page must be able to read why it was refused.
    const unauthorized = await host.fetch('/api/prompts', { headers: { origin: PAGE } });
    expect([unauthorized.status, unauthorized.headers.get('access-control-allow-origin')]).toEqual([
      401,
      PAGE,
    ]);
    await host.close();
  });

  test('H28: refuses no key, a wrong key and a key in the address', async () => {
    const host = await begin(SETTINGS);
    const codes: string[] = [];
    for (const [path, key] of [
      ['/api/prompts', ''],
      ['/api/prompts', 'wrong'],
      ['/api/prompts?x-api-key=key', ''],
      ['/api/prompts?code=key', ''],
    ] as const) {
      const answer = await host.fetch(path, key ? { headers: { 'x-api-key': key } } : {});
      codes.push(`${answer.status} ${(await readProblem(answer)).code}`);
    }
    expect(codes).toEqual([
      '401 unauthorized',
      '401 unauthorized',
      '400 invalid-request',
      '400 invalid-request',
    ]);
    await host.close();
  });
});

describe.each(HOSTS)('H27: $host', ({ start }) => {
  const begin = () => start({ STORAGE: azurite.connectionString });

  test.each([
    ['DELETE', '/api/prompts', 'GET, HEAD, POST, PUT, OPTIONS'],
    ['DELETE', '/api/prompts/a/b.jpg', 'GET, HEAD, PUT, OPTIONS'],
    ['POST', '/api/live', 'GET, HEAD, OPTIONS'],
    ['PATCH', '/health', 'GET, HEAD, OPTIONS'],
    ['GET', '/api/compose', 'POST, OPTIONS'],
    ['PROPFIND', '/api/prompts', 'GET, HEAD, POST, PUT, OPTIONS'],
  ])('answers %s %s with the methods that there are', async (method, path, allow) => {
    const host = await begin();
    const refused = await host.fetch(path, { method });
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, allow]);
    expect((await readProblem(refused)).code).toBe('method-not-allowed');
    const asked = await host.fetch(path, { method: 'OPTIONS' });
    expect([asked.status, asked.headers.get('allow'), await asked.text()]).toEqual([204, allow, '']);
    await host.close();
  });

  test.each(['/', '/api', '/api/', '/api/nothing', '/api/promptsx', '/API/prompts', '/favicon.ico'])(
    'has nothing at %s',
    async (path) => {
      const host = await begin();
      for (const method of ['GET', 'POST', 'OPTIONS']) {
        const answer = await host.fetch(path, { method });
        expect([answer.status, (await readProblem(answer)).code]).toEqual([404, 'not-found']);
      }
      await host.close();
    },
  );

  test('answers HEAD as GET, without the body', async () => {
    const host = await begin();
    const get = await host.fetch('/api/prompts');
    const head = await host.fetch('/api/prompts', { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([get.status, '']);
    expect(head.headers.get('content-type')).toBe(get.headers.get('content-type'));
    expect((await host.fetch('/api/prompts/none.jpg', { method: 'HEAD' })).status).toBe(404);
    await host.close();
  });
});
