import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import { startServer } from '../../containerapp/server.ts';

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
