import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startServer } from '../../../../containerapp/server.ts';
import { parseConfig } from '../../../../core/config.ts';
import { createLog } from '../../../../core/log.ts';
import { createProgram } from '../../../../core/program.ts';
import { readProblem } from '../../../answers.ts';
import { startAzurite } from '../../../azurite.ts';
import { OWN_HOSTS } from '../../../hosts.ts';

let azurite: Awaited<ReturnType<typeof startAzurite>>;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.close());

/** One byte of a JPEG now and then, and never the last one. */
function dripping(): ReadableStream<Uint8Array> {
  let timer: NodeJS.Timeout;
  return new ReadableStream({
    start(controller) {
      controller.enqueue(new Uint8Array([0xff, 0xd8]));
      timer = setInterval(() => controller.enqueue(new Uint8Array(1)), 20);
    },
    cancel() {
      clearInterval(timer);
    },
  });
}

describe.each(OWN_HOSTS.filter(({ host }) => host !== 'the container server'))('H25: $host', ({ start }) => {
  test.each([{}, { 'idempotency-key': 'slow' }])('gives up a body that never ends (%j)', async (headers) => {
    const host = await start({ STORAGE: azurite.connectionString }, undefined, { bodyDeadlineMs: 200 });
    const body = dripping();
    const init = { method: 'POST', body, headers, duplex: 'half' } as RequestInit;
    const answer = await host.fetch('/api/prompts', init);
    expect([answer.status, (await readProblem(answer)).code]).toEqual([408, 'body-timeout']);
    await host.close();
  });
});

describe('H25: over a socket', () => {
  async function serve(bodyDeadlineMs: number) {
    const config = parseConfig({ STORAGE: azurite.connectionString });
    const storage = { connectionString: azurite.connectionString };
    const program = await createProgram(config, storage, createLog('silent'));
    await program.blobs.create();
    const app = program.api({ loopback: true, drainBodies: false, bodyDeadlineMs });
    const server = await startServer(app, { host: '127.0.0.1', port: 0 });
    const { hostname, port } = new URL(server.address);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    socket.write('POST /api/prompts HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n\r\n');
    return { server, socket };
  }

  test.each(['stalls for ever', 'comes byte by byte'])(
    'a body that %s is answered and hung up on',
    async (how) => {
      const { server, socket } = await serve(200);
      const drip = how.includes('byte') ? setInterval(() => socket.write('x'), 20) : undefined;
      socket.on('error', () => {});
      const answer = await text(socket);
      clearInterval(drip);
      expect(answer).toMatch(/^HTTP\/1\.1 408 .*\r\nconnection: close\r\n.*"code":"body-timeout"/s);
      await server.close();
    },
  );

  test('a client that goes away in the middle leaves nothing behind that keeps the server from ending', async () => {
    const { server, socket } = await serve(60_000);
    socket.write(Buffer.alloc(50_000));
    socket.destroy();
    await once(socket, 'close');
    expect((await fetch(`${server.address}/api/live`)).status).toBe(200);
    await server.close();
  });
});
