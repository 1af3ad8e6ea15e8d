import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import * as z from 'zod';
import { bodyLimit } from '../../core/api/bodies/body.ts';
import { checkGateway, describeWithNginx, type Gateway, startGateway } from './gateway.ts';

interface Heard {
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
}

const LONG = JSON.stringify({ text: 'words '.repeat(1_000) });
const problem = z.looseObject({
  code: z.string(),
  status: z.number(),
  title: z.string(),
  requestId: z.string(),
});

let heard: Heard[];
let api: Server;
let gateway: Gateway | undefined;

/** Stands for the API where only what passes through matters: notes what it hears, and answers with headers of its own. */
function startApi(): Server {
  heard = [];
  return createServer((request, response) => {
    heard.push({ url: request.url, headers: request.headers });
    const isMissing = request.url?.endsWith('missing');
    response.writeHead(isMissing ? 404 : 200, {
      'content-type': isMissing ? 'application/problem+json' : 'application/json',
      'content-security-policy': "default-src 'none'",
      'x-content-type-options': 'nosniff',
      etag: '"v1"',
    });
    response.end(isMissing ? '{"code":"its-own"}' : LONG);
  });
}

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return addressOf(server);
}

function addressOf(server: Server): string {
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('no port');
  return `http://127.0.0.1:${bound.port}`;
}

describeWithNginx('the gateway', () => {
  beforeAll(async () => {
    api = startApi();
    gateway = await startGateway(await listen(api));
  });
  afterAll(async () => {
    await gateway?.close();
    api.close();
  });
  const ask = (path: string, init?: RequestInit) => fetch(`${gateway?.address}${path}`, init);
  /** What the API was asked for. */
  async function passedOn(path: string, headers: Record<string, string> = {}): Promise<Heard> {
    await (await ask(path, { headers })).text();
    const last = heard.at(-1);
    if (last === undefined) throw new Error('it heard nothing');
    return last;
  }

  test('serves the start page and its style, with headers that allow nothing else', async () => {
    const page = await ask('/');
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'self';/);
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    expect(page.headers.get('server')).toBe('nginx');
    const html = await page.text();
    expect(html).toContain('href="/api/docs"');
    expect(html).not.toMatch(/<script|style=/);
    const style = await ask('/start.css');
    expect([style.status, style.headers.get('content-type')]).toEqual([200, 'text/css; charset=utf-8']);
  });

  test.each([
    '/api/live',
    '/api',
    '/health',
    '/health/',
    '/api/prompts/a%2Fb.jpg?x=%2F',
    '/api//two',
    '/api/%C3%A9%20%23.jpg',
  ])('passes %s on as it was written', async (path) => {
    expect((await passedOn(path)).url).toBe(path);
  });

  test.each(['/nothing', '/apis', '/healthy', '/.env'])(
    'keeps %s to itself, and there is nothing',
    async (path) => {
      const before = heard.length;
      const answer = await ask(path);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'application/problem+json']);
      expect(problem.parse(await answer.json())).toMatchObject({
        ...{ code: 'not-found', status: 404 },
        instance: path,
      });
      expect(heard).toHaveLength(before);
    },
  );

  test('refuses an address that leads out of its pages', async () => {
    const answer = await ask('/start.css/..%2f..%2f..%2fstart.sh');
    expect([answer.status, problem.parse(await answer.json()).code]).toEqual([400, 'invalid-request']);
  });

  test('says who asked behind whatever the client claims, and which scheme it came by', async () => {
    const { headers } = await passedOn('/api/live', {
      'x-forwarded-for': '203.0.113.9',
      'x-forwarded-proto': 'https',
    });
    expect(headers['x-forwarded-for']).toBe('203.0.113.9, 127.0.0.1');
    expect(headers['x-forwarded-proto']).toBe('http');
    expect(headers.host).toBe(new URL(`${gateway?.address}`).host);
  });

  test('believes another proxy of ours about the scheme, where there is one', async () => {
    const inner = await startGateway(addressOf(api), { TRUSTED_PROXIES: '2' });
    await fetch(`${inner.address}/api/live`, { headers: { 'x-forwarded-proto': 'https' } });
    expect(heard.at(-1)?.headers['x-forwarded-proto']).toBe('https');
    await inner.close();
  });

  test('names a request in its log as the API does, and keeps the query out of it', async () => {
    const { headers } = await passedOn('/api/live?secret=1', { 'x-request-id': 'mine-1' });
    expect(headers['x-request-id']).toBe('mine-1');
    expect((await passedOn('/api/live', { 'x-request-id': 'no good' })).headers['x-request-id']).toMatch(
      /^[\da-f-]{36}$/,
    );
    const said = gateway?.output() ?? '';
    const lines = said.split('\n').filter((line) => line.includes('mine-1'));
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { path: '/api/live', status: 200, requestId: 'mine-1' },
    ]);
    expect(said).not.toContain('secret');
  });

  test('names in its log what was asked, also where it answers itself, and never a query', async () => {
    const refuse = (path: string, id: string) =>
      ask(path, { method: 'POST', body: 'x', headers: { 'x-request-id': id } });
    expect((await refuse('/no%20page?secret=1', 'mine-2')).status).toBe(404);
    // Nginx has something to say of each body that it puts into a file.
    const body = new Uint8Array(200_000);
    await ask('/api/prompts?name=secret.jpg', {
      method: 'POST',
      body,
      headers: { 'x-request-id': 'mine-3' },
    });
    const said = gateway?.output() ?? '';
    const lines = said.split('\n').filter((line) => /mine-[23]/.test(line));
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { method: 'POST', path: '/no%20page', status: 404 },
      { method: 'POST', path: '/api/prompts', status: 200 },
    ]);
    expect(said).not.toContain('secret');
  });

  test("leaves the API's answers as they are: its headers once, its problems its own", async () => {
    const answer = await ask('/api/missing');
    expect([answer.status, await answer.text()]).toEqual([404, '{"code":"its-own"}']);
    expect(answer.headers.get('content-security-policy')).toBe("default-src 'none'");
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('permissions-policy')).toBeNull();
  });

  test('compresses what is long, but not a prompt, whose ETag must stay one that If-Match accepts', async () => {
    const headers = { 'accept-encoding': 'gzip' };
    const list = await ask('/api/prompts', { headers });
    expect([list.headers.get('content-encoding'), list.headers.get('vary')]).toEqual([
      'gzip',
      'Accept-Encoding',
    ]);
    expect(await list.text()).toBe(LONG);
    const prompt = await ask('/api/prompts/a.jpg', { headers });
    expect([prompt.headers.get('content-encoding'), prompt.headers.get('etag')]).toEqual([null, '"v1"']);
    expect(await prompt.text()).toBe(LONG);
  });

  test('allows only reading of its own pages', async () => {
    const answer = await ask('/', { method: 'POST' });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    expect(problem.parse(await answer.json()).code).toBe('method-not-allowed');
  });

  test('answers a problem, and when to come back, while there is no API; and then passes on', async () => {
    const late = startApi();
    const address = await listen(late);
    late.close();
    const early = await startGateway(address);
    const none = await fetch(`${early.address}/api/live`);
    expect([none.status, none.headers.get('retry-after'), none.headers.get('cache-control')]).toEqual([
      502,
      '5',
      'no-store',
    ]);
    expect(problem.parse(await none.json()).code).toBe('api-unreachable');
    expect((await fetch(early.address)).status).toBe(200);
    expect((await fetch(`${early.address}/api/live?secret=1`)).status).toBe(502);
    expect(early.output()).not.toContain('secret');
    late.listen(Number(new URL(address).port), '127.0.0.1');
    await once(late, 'listening');
    expect((await fetch(`${early.address}/api/live`)).status).toBe(200);
    await early.close();
    late.close();
  });
});

describeWithNginx('a resolver that answers nothing', () => {
  test('is waited for a few seconds only', async () => {
    const silent = createSocket('udp4').bind(0, '127.0.0.1');
    await once(silent, 'listening');
    const resolver = `127.0.0.1:${silent.address().port}`;
    const lost = await startGateway('http://api.internal:8000', {}, resolver);
    const signal = AbortSignal.timeout(20_000);
    const answer = await fetch(`${lost.address}/api/live`, { signal }).catch(() => null);
    await lost.close();
    silent.close();
    expect(answer?.status).toBe(502);
  });
});

describeWithNginx("the gateway's settings", () => {
  test('make a configuration that nginx accepts', () => {
    for (const settings of [
      {},
      { API: 'api.internal:8000' },
      { MAX_IMAGE_BYTES: '' },
      { TRUSTED_PROXIES: '10' },
    ]) {
      const accepted = { code: 0, output: expect.stringContaining('test is successful') };
      expect(checkGateway(settings)).toMatchObject(accepted);
    }
  });

  test('allow around an image what the API allows around it', () => {
    const { configuration } = checkGateway({ MAX_IMAGE_BYTES: '1000' });
    expect(configuration).toContain(`client_max_body_size ${bodyLimit(1_000)};`);
    expect(checkGateway().configuration).toContain(`client_max_body_size ${bodyLimit(20 * 1024 * 1024)};`);
  });

  test.each([
    ['MAX_IMAGE_BYTES', '20M'],
    ['SLOW_SECONDS', '0'],
    ['UPLOADS', '8; include /etc/passwd'],
    ['API', 'api:8000; return 200'],
    ['CORS_ORIGINS', 'https://app.example.com; return 200'],
  ])('refuse %s=%s with code 78', (setting, value) => {
    const refused = { code: 78, output: expect.stringContaining(setting), configuration: '' };
    expect(checkGateway({ [setting]: value })).toEqual(refused);
  });
});
