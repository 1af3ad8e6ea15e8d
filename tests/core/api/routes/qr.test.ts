import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sharp } from '../../../../core/image/sharp.ts';
import { readProblem } from '../../../answers.ts';
import { startAzurite } from '../../../azurite.ts';
import { HOSTS } from '../../../hosts.ts';
import { openStage, type Stage } from './stage.ts';

let azurite: Awaited<ReturnType<typeof startAzurite>>;

beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.close());

describe.each(HOSTS)('GET /api/qr on $host', (host) => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await openStage(host, { connectionString: azurite.connectionString, purpose: 'qr' });
  });
  afterAll(() => stage.close());

  test('is a PNG of the size that is asked for', async () => {
    for (const [query, size] of [
      ['?text=hello', 256],
      ['?text=%E7%8C%AB%20%22%3C%2Fsvg%3E&size=1024&format=png', 1024],
    ] as const) {
      const answer = await stage.get(`/api/qr${query}`);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/png']);
      const metadata = await sharp(await answer.arrayBuffer()).metadata();
      expect(metadata).toMatchObject({ format: 'png', width: size, height: size });
    }
  });

  test('is an SVG that holds nothing of the text, and may run nothing', async () => {
    const text = '"><script>alert(1)</script>';
    const answer = await stage.get(`/api/qr?format=svg&text=${encodeURIComponent(text)}`);
    expect(answer.headers.get('content-type')).toBe('image/svg+xml');
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    const svg = await answer.text();
    expect(svg).toMatch(/^<svg [^>]*width="256"/);
    expect(svg).not.toContain('script');
  });

  test("leads to an image's prompt", async () => {
    const [named, written] = await Promise.all([
      stage.get('/api/qr?format=svg&name=a%20b/%C3%A9.jpg'),
      stage.get(
        `/api/qr?format=svg&text=${encodeURIComponent(`${stage.origin}/api/prompts/a%20b/%C3%A9.jpg`)}`,
      ),
    ]);
    expect(await named.text()).toBe(await written.text());
  });

  test("leads there as the client came, which a proxy of ours knows and a client's own word does not", async () => {
    const secure = stage.origin.replace(/^http:/, 'https:');
    const asked = async (proxies: string, forwarded: string) => {
      const own = await host.start({
        STORAGE: azurite.connectionString,
        RATE_LIMIT: 'off',
        TRUSTED_PROXIES: proxies,
      });
      const code = async (query: string) => {
        const headers = { 'x-forwarded-proto': forwarded };
        return (await own.fetch(`/api/qr?format=svg&${query}`, { headers })).text();
      };
      const link = (scheme: string) => {
        const { host: authority } = new URL(own.origin);
        return code(`text=${encodeURIComponent(`${scheme}://${authority}/api/prompts/a.jpg`)}`);
      };
      const named = await code('name=a.jpg');
      const scheme =
        named === (await link('https')) ? 'https' : named === (await link('http')) ? 'http' : null;
      await own.close();
      return scheme;
    };
    const direct = secure === stage.origin ? 'https' : 'http';
    expect(await asked('0', direct === 'http' ? 'https' : 'http')).toBe(direct);
    expect(await asked('1', 'https')).toBe('https');
    expect(await asked('1', 'https, HTTP')).toBe('http');
    expect(await asked('2', 'http, https, http')).toBe('https');
    expect(await asked('2', 'https')).toBe('https');
    expect(await asked('1', 'gopher')).toBe(direct);
  });

  test('refuses a text that no code holds, at the limit', async () => {
    const ask = (bytes: number) => stage.get(`/api/qr?text=${'~'.repeat(bytes)}&size=64`);
    const full = await ask(2_331);
    // One pixel a module, where the code has more modules than there were pixels asked for.
    expect((await sharp(await full.arrayBuffer()).metadata()).width).toBe(177 + 8);
    expect(await readProblem(await ask(2_332))).toMatchObject({ status: 422, code: 'qr-text-too-long' });
  });

  test('refuses other queries', async () => {
    const queries = [
      ...['', '?text=', '?text=a&name=a.jpg', '?text=a&text=b', '?text=a&format=gif', '?text=a&size=1025'],
      ...['?text=a&size=63', '?text=a&size=1e3', '?text=a&margin=4'],
    ];
    for (const query of queries) {
      expect([query, (await readProblem(await stage.get(`/api/qr${query}`))).code]).toEqual([
        query,
        'invalid-request',
      ]);
    }
    expect((await readProblem(await stage.get('/api/qr?name=../a.jpg'))).code).toBe('invalid-name');
  });
});
