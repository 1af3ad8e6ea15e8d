import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import { ListenError, startServer } from '../../containerapp/server.ts';

test.each(['Host: a b', 'Host: [::1', 'Host: x/y'])(
  'A request with the header %j is refused as a problem',
  async (host) => {
    let asked = 0;
    const app = {
      fetch() {
        asked++;
        return new Response('reached');
      },
    };
    const server = await startServer(app, { host: '127.0.0.1', port: 0 });
    const { hostname, port } = new URL(server.address);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    socket.write(`GET /api/prompts HTTP/1.1\r\n${host}\r\nConnection: close\r\n\r\n`);
    expect(await text(socket)).toMatch(
      /^HTTP\/1\.1 400 .*\r\ncontent-type: application\/problem\+json\r\n.*"code":"invalid-request"/is,
    );
    expect(asked).toBe(0);
    await server.close();
  },
);

test.each([
  ['EADDRINUSE', 'Port 80 is taken by another program: set PORT to a free one.'],
  ['EACCES', 'Port 80 is not allowed to this user: set PORT to one above 1023.'],
  [
    'ENOTFOUND',
    'HOST is no address that this machine can listen on (ENOTFOUND): set it to one, or remove it.',
  ],
])('that it cannot listen, %s, names the setting to change', (code, message) => {
  expect(new ListenError(Object.assign(new Error('listen'), { code }), 80, 'PORT').message).toBe(message);
});

test('a server that cannot listen at its host is told as such', async () => {
  const app = { fetch: () => new Response() };
  const server = startServer(app, { host: '192.0.2.1', port: 0 });
  await expect(server).rejects.toThrow(ListenError);
});

test('A request that does not end is cut off when the server is closed', async () => {
  const begun = Promise.withResolvers<void>();
  const app = {
    fetch() {
      begun.resolve();
      return new Promise<Response>(() => {});
    },
  };
  const server = await startServer(app, { host: '127.0.0.1', port: 0, closeDeadlineMs: 50 });
  const cut = expect(fetch(server.address)).rejects.toThrow();
  await begun.promise;
  await server.close();
  await cut;
});
