import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { until } from '../until.ts';
import { describeWithNginx, type Gateway, type GatewaySettings, startGateway } from './gateway.ts';

/** What is too big, too slow or too much ends at the gateway: the API does not hear of it. */

const MAX_IMAGE_BYTES = 1_000_000;
const MIB = 1024 * 1024;

let requests: number;
let api: Server;
let gateway: Gateway | undefined;

beforeEach(async () => {
  requests = 0;
  api = createServer((request, response) => {
    requests++;
    request.resume().on('end', () => response.end('{}'));
  });
  api.listen(0, '127.0.0.1');
  await once(api, 'listening');
});
afterEach(async () => {
  await gateway?.close();
  gateway = undefined;
  api.close();
});

async function start(settings: GatewaySettings = {}): Promise<Gateway> {
  const bound = api.address();
  if (bound === null || typeof bound === 'string') throw new Error('no port');
  const started = await startGateway(`http://127.0.0.1:${bound.port}`, {
    MAX_IMAGE_BYTES: `${MAX_IMAGE_BYTES}`,
    ...settings,
  });
  gateway = started;
  return started;
}

async function open({ port }: Gateway, head: readonly string[]): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').on('error', () => {});
  await once(socket, 'connect');
  socket.write(`${head.join('\r\n')}\r\n\r\n`, 'latin1');
  return socket;
}

const POST = ['POST /api/prompts HTTP/1.1', 'Host: localhost'];
const PAGE = ['GET / HTTP/1.1', 'Host: localhost'];

/** Writes until the other side has hung up, or all is written. @returns what it said */
async function pour(socket: Socket, chunk: Buffer, chunks: number): Promise<string> {
  const said = text(socket).catch(() => '');
  const closed = new Promise((resolve) => socket.once('close', resolve));
  for (let i = 0; i < chunks && socket.writable; i++) {
    if (!socket.write(chunk)) await Promise.race([once(socket, 'drain').catch(() => {}), closed]);
  }
  socket.end();
  return said;
}

describeWithNginx('a request that is too big', () => {
  test.each([
    ['declares it', [`Content-Length: ${5_000_000_000}`], Buffer.alloc(MIB)],
    ['comes in chunks', ['Transfer-Encoding: chunked'], Buffer.from(`100000\r\n${'x'.repeat(MIB)}\r\n`)],
  ])('gets 413 and never reaches the API where it %s', async (_how, head, chunk) => {
    const socket = await open(await start(), [...POST, ...head]);
    const answer = await pour(socket, chunk, 50);
    expect(answer).toMatch(
      /^HTTP\/1\.1 413 .*application\/problem\+json.*"code":"body-too-large".*"status":413/s,
    );
    expect(requests).toBe(0);
  });

  test('is one byte more than an image with what multipart puts around it', async () => {
    const { address } = await start();
    const send = async (bytes: number) =>
      (await fetch(`${address}/api/prompts`, { method: 'POST', body: new Uint8Array(bytes) })).status;
    expect(await send(MAX_IMAGE_BYTES + 65_536)).toBe(200);
    expect(await send(MAX_IMAGE_BYTES + 65_537)).toBe(413);
    expect(requests).toBe(1);
  });

  test('gets 414 or 431 where it is its address or its headers', async () => {
    const { address } = await start();
    const long = await fetch(`${address}/api/prompts/${'x'.repeat(20_000)}`);
    expect([long.status, await long.json()]).toMatchObject([414, { code: 'address-too-long', status: 414 }]);
    const wordy = await fetch(`${address}/api/live`, { headers: { 'x-words': 'x'.repeat(20_000) } });
    expect([wordy.status, await wordy.json()]).toMatchObject([
      431,
      { code: 'headers-too-large', status: 431 },
    ]);
    expect(requests).toBe(0);
  });
});

describeWithNginx('a client that is too slow', () => {
  test.each([
    ['whose headers never end', ['GET /api/live HTTP/1.1', 'Host: localhost', 'X-Slow: ']],
    ['whose body stalls', [...POST, 'Content-Length: 1000', '', 'some']],
    ['whose chunk stalls', [...POST, 'Transfer-Encoding: chunked', '', '3e8', 'some']],
  ])('%s is hung up on, and the API never hears of it', async (_who, lines) => {
    const { port } = await start({ SLOW_SECONDS: '1' });
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    await once(socket, 'connect');
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.resume().write(lines.join('\r\n'));
    await closed;
    expect(requests).toBe(0);
  });

  test('keeps nobody else from the API', async () => {
    const started = await start({ UPLOADS_PER_CLIENT: '2' });
    const stalled = await Promise.all([1, 2].map(() => open(started, [...POST, 'Content-Length: 1000'])));
    expect((await fetch(`${started.address}/api/live`)).status).toBe(200);
    for (const socket of stalled) socket.destroy();
  });
});

describeWithNginx('a client that asks too much', () => {
  test.each([
    ['of one address', { UPLOADS_PER_CLIENT: '2' }],
    ['in all', { UPLOADS: '2' }],
  ])('gets 429 for one body more than may come at once %s', async (_of, settings) => {
    const started = await start(settings);
    const stalled = await Promise.all([1, 2].map(() => open(started, [...POST, 'Content-Length: 1000'])));
    const post = () => fetch(`${started.address}/api/prompts`, { method: 'POST', body: 'x' });
    // The two are counted as soon as nginx has read their headers.
    let answer = await post();
    for (let tries = 0; answer.status === 200 && tries < 100; tries++) answer = await post();
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '1']);
    expect(await answer.json()).toMatchObject({ code: 'rate-limited', status: 429 });
    for (const socket of stalled) socket.destroy();
  });

  test('gets 429 for one request more than may come at once', async () => {
    // The gateway was asked once when it started.
    const { address } = await start({ REQUESTS_PER_SECOND: '1', REQUESTS_AT_ONCE: '4' });
    const answers = await Promise.all(Array.from({ length: 40 }, () => fetch(`${address}/api/live`)));
    const statuses = answers.map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([200, 429]));
    expect(requests).toBe(statuses.filter((status) => status === 200).length);
    expect(requests).toBeLessThan(20);
  });
});

describeWithNginx('behind another proxy of ours', () => {
  const from = (address: string, entries: string) =>
    fetch(address, { headers: { 'x-forwarded-for': entries } });

  /** How many of twelve requests are answered where four may come at once. */
  async function answered(trusted: string, entries: (i: number) => string): Promise<number> {
    const { address } = await start({
      ...{ REQUESTS_PER_SECOND: '1', REQUESTS_AT_ONCE: '3' },
      TRUSTED_PROXIES: trusted,
    });
    const answers = await Promise.all(Array.from({ length: 12 }, (_, i) => from(address, entries(i))));
    return answers.filter(({ status }) => status === 200).length;
  }

  test.each([
    ['1', (i: number) => `203.0.113.${i}`],
    ['2', (i: number) => `198.51.100.${i}, 203.0.113.7`],
    ['2', (i: number) => `203.0.113.7:${50_000 + i}`],
    ['2', (i: number) => `[2001:db8::7]:${50_000 + i}`],
    ['3', (i: number) => `198.51.100.${i}, 203.0.113.7, 192.0.2.${i}`],
    ['3', (i: number) => `203.0.113.${i}`],
    ['2', (i: number) => `not-an-address-${i}`],
  ])('one client is one, whatever it invents, with %s in all: case %#', async (trusted, entries) => {
    expect(await answered(trusted, entries)).toBeLessThan(12);
  });

  test.each([
    ['2', (i: number) => `198.51.100.7, 203.0.113.${i}`],
    ['2', (i: number) => `2001:db8::${i}`],
    ['3', (i: number) => `198.51.100.7, 203.0.113.${i}:443, 192.0.2.1`],
  ])('clients are told apart by what the first of %s wrote: case %#', async (trusted, entries) => {
    expect(await answered(trusted, entries)).toBe(12);
    expect(gateway?.output()).toMatch(/"client":"(203\.0\.113|2001:db8:):?\.?\d+"/);
  });

  test('bodies that some hold are not counted against others', async () => {
    const started = await start({ UPLOADS_PER_CLIENT: '1', TRUSTED_PROXIES: '2' });
    const held = ['X-Forwarded-For: 203.0.113.1', 'Content-Length: 1000'];
    const socket = await open(started, [...POST, ...held]);
    const post = async (client: string) => {
      const headers = { 'x-forwarded-for': client };
      const url = `${started.address}/api/prompts`;
      return (await fetch(url, { method: 'POST', body: 'x', headers })).status;
    };
    // It is counted as soon as nginx has read its headers.
    await until('the body is counted', async () => (await post('203.0.113.1')) === 429);
    expect(await post('203.0.113.2')).toBe(200);
    socket.destroy();
  });
});

describeWithNginx('what nginx itself refuses', () => {
  test.each([
    ['a transfer encoding that it does not know', 400, [...POST, 'Transfer-Encoding: gzip']],
    ['a version of HTTP that it does not know', 400, ['GET /api/live HTTP/2.0', 'Host: localhost']],
    ['a version of its page that it does not have', 412, [...PAGE, 'If-Match: "other"']],
    ['an address that is not UTF-8', 404, ['GET /\xff HTTP/1.1', 'Host: localhost']],
  ])('is a problem like any other: %s', async (_what, status, head) => {
    const socket = await open(await start(), [...head, 'Connection: close']);
    const [answer = '', body = ''] = (await text(socket)).split('\r\n\r\n');
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer).toContain('Content-Type: application/problem+json');
    expect(answer.match(/^X-Content-Type-Options: nosniff/gm)).toHaveLength(1);
    expect(JSON.parse(body)).toMatchObject({ status, instance: expect.not.stringContaining('\ufffd') });
  });

  test('is never a range of its page, which comes as a whole', async () => {
    const socket = await open(await start(), [...PAGE, 'Range: bytes=99999-', 'Connection: close']);
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 200 .*<\/html>/s);
    expect(answer.match(/^X-Content-Type-Options: nosniff/gm)).toHaveLength(1);
  });

  test('may be read by pages of the origins that may read what the API answers, and by no others', async () => {
    const long = `https://${'a-long-name.'.repeat(15)}example.com`;
    const { address } = await start({ CORS_ORIGINS: `https://app.example.com, ${long}` });
    const refusalFor = async (origin: string) => {
      const body = new Uint8Array(MAX_IMAGE_BYTES + 65_537);
      const { status, headers } = await fetch(`${address}/api/prompts`, {
        ...{ method: 'POST', body },
        headers: { origin },
      });
      return [
        status,
        ...['allow-origin', 'expose-headers'].map((name) => headers.get(`access-control-${name}`)),
      ];
    };
    for (const origin of ['https://app.example.com', long])
      expect(await refusalFor(origin)).toEqual([413, origin, 'Retry-After']);
    expect(await refusalFor('https://other.example.com')).toEqual([413, null, null]);
  });
});
