import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readProblem } from '../../../answers.ts';
import { startAzurite } from '../../../azurite.ts';
import { HOSTS, OWN_HOSTS } from '../../../hosts.ts';

let azurite: Awaited<ReturnType<typeof startAzurite>>;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.close());

const KEYS = ['one', 'other'];
const hashes = KEYS.map((key) => createHash('sha256').update(key).digest('hex')).join(',');

describe.each(HOSTS)('$host', ({ start }) => {
  const begin = (settings: Record<string, string>) =>
    start({ STORAGE: azurite.connectionString, RATE_LIMIT: '2/h', ...settings });
  type Host = Awaited<ReturnType<typeof begin>>;
  const ask = (host: Host, headers: Record<string, string> = {}) => host.fetch('/api/prompts', { headers });

  test('answers 429 to one request too many, and says when to come back', async () => {
    const host = await begin({});
    const first = await ask(host);
    expect([first.status, first.headers.get('ratelimit-policy')]).toEqual([200, '"default";q=2;w=3600']);
    expect(first.headers.get('ratelimit')).toBe('"default";r=1;t=3600');
    await ask(host);
    const third = await ask(host);
    expect([third.status, (await readProblem(third)).code]).toEqual([429, 'rate-limited']);
    expect(Number(third.headers.get('retry-after'))).toBeGreaterThan(3_500);
    expect(third.headers.get('ratelimit')).toMatch(/^"default";r=0;t=3\d{3}$/);
    await host.close();
  });

  test('always says that it lives', async () => {
    const host = await begin({ RATE_LIMIT: '1/h' });
    await ask(host);
    for (const path of ['/api/live', '/api/health', '/health']) {
      expect((await host.fetch(path)).status).toBe(200);
    }
    await host.close();
  });

  test('counts each key for itself, and who has none by the address', async () => {
    const host = await begin({ AUTH: 'keys', API_KEYS: hashes });
    const statuses: number[] = [];
    for (const key of ['wrong', 'guess', 'another', 'one', 'one', 'one', 'other']) {
      statuses.push((await ask(host, { 'x-api-key': key })).status);
    }
    expect(statuses).toEqual([401, 401, 429, 200, 200, 429, 200]);
    await host.close();
  });

  test('tells clients behind a trusted proxy apart', async () => {
    const host = await begin({ TRUSTED_PROXIES: '1', RATE_LIMIT: '1/h' });
    const statuses: number[] = [];
    for (const client of ['203.0.113.1', '203.0.113.2', '9.9.9.9, 203.0.113.1']) {
      statuses.push((await ask(host, { 'x-forwarded-for': client })).status);
    }
    expect(statuses).toEqual([200, 200, 429]);
    await host.close();
  });

  test('believes no forwarded address where there is no proxy', async () => {
    const host = await begin({ TRUSTED_PROXIES: '0', RATE_LIMIT: '1/h' });
    await ask(host, { 'x-forwarded-for': '203.0.113.1' });
    expect((await ask(host, { 'x-forwarded-for': '203.0.113.2' })).status).toBe(429);
    await host.close();
  });
});

test('Unless told otherwise it counts where others can reach it, and not where only this machine can', async () => {
  const app = OWN_HOSTS.find(({ host }) => host === 'the app alone');
  const settings = { STORAGE: azurite.connectionString, AUTH: 'none' };
  const policies: (string | null | undefined)[] = [];
  for (const loopback of [false, true]) {
    const host = await app?.start(settings, undefined, { loopback });
    policies.push((await host?.fetch('/api/prompts'))?.headers.get('ratelimit-policy'));
  }
  expect(policies).toEqual(['"default";q=60;w=60', null]);
});
