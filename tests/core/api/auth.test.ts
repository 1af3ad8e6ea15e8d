import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseConfig } from '../../../core/config.ts';
import { createLog } from '../../../core/log.ts';
import { createProgram } from '../../../core/program.ts';
import { readProblem } from '../../answers.ts';
import { startAzurite } from '../../azurite.ts';

let azurite: Awaited<ReturnType<typeof startAzurite>>;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.close());

const KEY = 'a-key-that-somebody-has';
const KEYS = [KEY, 'another'].map((key) => createHash('sha256').update(key).digest('hex')).join(',');

async function ask(
  { loopback, ...env }: { loopback: boolean; [setting: string]: string | boolean },
  headers: Record<string, string> = {},
  url = 'http://localhost/api/prompts',
  method = 'GET',
) {
  const config = parseConfig({ STORAGE: azurite.connectionString, ...(env as Record<string, string>) });
  const program = await createProgram(
    config,
    { connectionString: azurite.connectionString },
    createLog('silent'),
  );
  await Promise.all([program.blobs.create(), program.state.create()]);
  const answer = await program
    .api({ loopback, drainBodies: false })
    .fetch(new Request(url, { headers, method }));
  return answer.status === 200 ? 200 : (await readProblem(answer)).code;
}

describe('a server that others can reach', () => {
  test('answers nothing but its health until keys are configured', async () => {
    expect(await ask({ loopback: false })).toBe('auth-not-configured');
    expect(await ask({ loopback: false }, {}, 'http://localhost/api/live')).toBe(200);
    expect(await ask({ loopback: false }, {}, 'http://localhost/health')).toBe(200);
  });

  test('is open when told so', async () => {
    expect(await ask({ loopback: false, AUTH: 'none' })).toBe(200);
  });

  describe('and is open', () => {
    const SITE = 'http://prompts.example:8000/api/prompts';
    const PAGE = 'https://app.example';
    const asked = (headers: Record<string, string>, settings: Record<string, string> = {}, method = 'GET') =>
      ask({ loopback: false, AUTH: 'none', CORS_ORIGINS: PAGE, ...settings }, headers, SITE, method);
    // A method that no route takes: by then it has passed.
    const change = (headers: Record<string, string>, settings: Record<string, string> = {}) =>
      asked(headers, settings, 'DELETE');
    const embedded = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' };
    const link = { ...embedded, 'sec-fetch-mode': 'navigate' };

    test('H28: refuses the pages of other sites', async () => {
      for (const headers of [
        { origin: 'https://evil.example' },
        { origin: 'https://evil.example', ...embedded },
        { origin: 'https://evil.example', ...link },
        { origin: 'https://prompts.example.evil.example' },
        { origin: 'null' },
        embedded,
        // By DNS rebinding, as a browser does not tell it.
        { origin: 'http://prompts.example:8000', ...embedded },
        { origin: 'https://evil.example', 'x-forwarded-host': 'evil.example' },
      ]) {
        expect([headers, await asked(headers)]).toEqual([headers, 'origin-not-allowed']);
      }
      expect(await change(link)).toBe('origin-not-allowed');
    });

    test('answers its own pages, those that are named, links, and whatever is no browser', async () => {
      for (const headers of [
        {},
        link,
        { 'sec-fetch-site': 'none' },
        { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors' },
        { origin: 'http://prompts.example:8000' },
        // A proxy that ends TLS, and one that puts another name in the place of its own.
        { origin: 'https://prompts.example' },
        { origin: 'https://public.example', 'sec-fetch-site': 'same-origin' },
        { origin: PAGE, ...embedded },
      ]) {
        expect([headers, await asked(headers), await change(headers)]).toEqual([
          ...[headers, 200],
          headers === link ? 'origin-not-allowed' : 'method-not-allowed',
        ]);
      }
    });

    test('believes proxies of its own by which name they were called', async () => {
      const headers = { origin: 'https://public.example', 'x-forwarded-host': 'public.example:8443' };
      expect(await asked(headers, { TRUSTED_PROXIES: '1' })).toBe(200);
      expect(await asked(headers)).toBe('origin-not-allowed');
    });

    test('needs none of this where a key is needed, which no page can send unasked', async () => {
      const headers = { origin: 'https://evil.example', 'x-api-key': KEY };
      expect(await asked(headers, { AUTH: 'keys', API_KEYS: KEYS })).toBe(200);
    });
  });

  test('H28: takes a key from either header, and no other key', async () => {
    const settings = { loopback: false, API_KEYS: KEYS };
    expect(await ask(settings, { 'x-api-key': KEY })).toBe(200);
    expect(await ask(settings, { authorization: 'Bearer another' })).toBe(200);
    expect(await ask(settings)).toBe('unauthorized');
    expect(await ask(settings, { 'x-api-key': 'wrong' })).toBe('unauthorized');
    expect(await ask(settings, { authorization: `Basic ${KEY}` })).toBe('unauthorized');
    expect(await ask(settings, { 'x-api-key': KEYS.slice(0, 64) })).toBe('unauthorized');
  });
});

describe('a server on loopback', () => {
  test('needs no key, but answers no foreign page and no foreign name', async () => {
    expect(await ask({ loopback: true })).toBe(200);
    expect(await ask({ loopback: true }, { origin: 'http://localhost:5173' })).toBe(200);
    expect(await ask({ loopback: true }, { origin: 'https://evil.example' })).toBe('origin-not-allowed');
    expect(await ask({ loopback: true }, { origin: 'null' })).toBe('origin-not-allowed');
    const embedded = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' };
    expect(await ask({ loopback: true }, embedded)).toBe('origin-not-allowed');
    expect(await ask({ loopback: true }, { ...embedded, 'sec-fetch-mode': 'navigate' })).toBe(200);
    expect(await ask({ loopback: true }, { ...embedded, 'sec-fetch-site': 'same-origin' })).toBe(200);
    expect(await ask({ loopback: true }, {}, 'http://rebound.example/api/prompts')).toBe(
      'origin-not-allowed',
    );
  });
});
