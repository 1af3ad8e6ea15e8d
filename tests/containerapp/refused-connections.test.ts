import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { z } from 'zod';
import { type RunningServer, startServer } from '../../containerapp/server.ts';

const problem = z.looseObject({ code: z.string(), status: z.number(), requestId: z.uuid() });

let server: RunningServer;
let asked = 0;
/** An answer that begins and does not end until its client is gone. */
const endless = () =>
  new Response(new ReadableStream({ start: (to) => to.enqueue(new TextEncoder().encode('{')) }));

beforeAll(async () => {
  const app = {
    fetch({ url }: Request) {
      asked++;
      return url.endsWith('/endless') ? endless() : new Response('reached');
    },
  };
  server = await startServer(app, { host: '127.0.0.1', port: 0 });
});
afterAll(() => server.close());

async function send(...parts: readonly string[]): Promise<string> {
  const { hostname, port } = new URL(server.address);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  const [first = '', second] = parts;
  socket.write(first);
  if (second === undefined) return text(socket);
  socket.once('data', () => socket.write(second));
  return text(socket).catch((error) => `${error.code}`);
}

const HEAD = 'POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n';

test.each([
  ['no HTTP', '\x16\x03\x01\x02\r\n\r\n', 400, 'invalid-request'],
  ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400, 'invalid-request'],
  ['an unknown method', 'TRACK / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n', 400, 'invalid-request'],
  ['no Host', 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'invalid-request'],
  ['two Hosts', `${HEAD}Host: evil.example\r\n\r\n`, 400, 'invalid-request'],
  ['a NUL in a header', `${HEAD}X: a\0b\r\n\r\n`, 400, 'invalid-request'],
  ['two lengths', `${HEAD}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`, 400, 'invalid-request'],
  [
    'a length and chunks',
    `${HEAD}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    400,
    'invalid-request',
  ],
  ['headers of 20 kB', `${HEAD}X: ${'a'.repeat(20_000)}\r\n\r\n`, 431, 'headers-too-large'],
])('a request with %s is refused as a problem that has an id', async (_what, request, status, code) => {
  const before = asked;
  const answer = await send(request);
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} .*content-type: application/problem\\+json`, 'is'));
  const { requestId, ...told } = problem.parse(JSON.parse(body));
  expect(told).toMatchObject({ status, code });
  expect(head.toLowerCase()).toContain(`x-request-id: ${requestId}`);
  expect(asked).toBe(before);
});

test('what is expected beside 100-continue is left aside', async () => {
  expect(await send(`${HEAD}Expect: nonsense\r\nContent-Length: 0\r\n\r\n`)).toMatch(
    /^HTTP\/1\.1 200 .*reached/s,
  );
});

test('an answer that has begun is not followed by another one', async () => {
  const answer = await send('GET /endless HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n', 'nonsense\r\n\r\n');
  expect(answer).not.toMatch(/HTTP\/1\.1 400/);
});
