import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startServer } from '../../../../containerapp/server.ts';
import { parseConfig } from '../../../../core/config.ts';
import { createLog } from '../../../../core/log.ts';
import { createProgram } from '../../../../core/program.ts';
import { readProblem } from '../../../answers.ts';
import { startAzurite } from '../../../azurite.ts';
import { photo } from '../../../fixtures/images/photo.ts';
import { HOSTS } from '../../../hosts.ts';
import { AMPLE_MS } from '../../../until.ts';

const MIB = 1024 * 1024;

let azurite: Awaited<ReturnType<typeof startAzurite>>;
let address: URL;
let close: () => Promise<void>;

beforeAll(async () => {
  azurite = await startAzurite();
  const config = parseConfig({ STORAGE: azurite.connectionString });
  const program = await createProgram(
    config,
    { connectionString: azurite.connectionString },
    createLog('silent'),
  );
  await program.blobs.create();
  const server = await startServer(program.api({ loopback: true, drainBodies: false }), {
    host: '127.0.0.1',
    port: 0,
  });
  address = new URL(server.address);
  close = server.close;
});
afterAll(async () => {
  await close();
  await azurite.close();
});

/** A photo with bytes behind its end, which decoders ignore, so that it has any size that is wanted. */
async function photoOf(bytes: number): Promise<Buffer> {
  const jpeg = await photo({ width: 200, height: 100 });
  return Buffer.concat([jpeg, Buffer.alloc(bytes - jpeg.length)]);
}

describe('H22 from every host', () => {
  test.each(HOSTS)('$host takes 20 MiB and refuses one byte more, declared or not', async ({ start }) => {
    const host = await start({ STORAGE: azurite.connectionString });
    const post = (body: RequestInit['body']) =>
      host.fetch('/api/prompts', { method: 'POST', body, duplex: 'half' } as RequestInit);
    expect((await post(new Uint8Array(await photoOf(20 * MIB)))).status).toBe(200);
    const tooLarge = await post(new Uint8Array(await photoOf(20 * MIB + 1)));
    expect([tooLarge.status, (await readProblem(tooLarge)).code]).toEqual([413, 'image-too-large']);
    await host.close();
  });

  test('the Functions bundle reads an undeclared body to its end before it refuses it', async () => {
    const functions = HOSTS.find(({ host }) => host.includes('Functions'));
    const host = await functions?.start({ STORAGE: azurite.connectionString });
    let sent = 0;
    const body = new ReadableStream({
      pull(controller) {
        if (sent === 40) controller.close();
        else controller.enqueue(new Uint8Array(MIB));
        sent++;
      },
    });
    const answer = await host?.fetch('/api/prompts', { method: 'POST', body, duplex: 'half' } as RequestInit);
    expect([answer?.status, sent]).toEqual([413, 41]);
    await host?.close();
  });
});

describe('H22 over a socket', () => {
  /** Sends a head and then chunks until the server closes or `chunks` are sent; gives what came back. */
  async function send(
    head: string,
    chunk: Buffer,
    chunks: number,
  ): Promise<{ answer: string; sent: number }> {
    const socket = connect(Number(address.port), address.hostname);
    const timer = setTimeout(() => socket.destroy(), AMPLE_MS);
    let answer = '';
    let open = true;
    socket.setEncoding('utf8').on('data', (text: string) => {
      answer += text;
    });
    socket.on('error', () => {});
    // Not `once`, which would reject: that the server cuts us off is what is looked for.
    const closed = new Promise<void>((resolve) => {
      socket.on('close', () => {
        open = false;
        resolve();
      });
    });
    await once(socket, 'connect');
    socket.write(`POST /api/prompts HTTP/1.1\r\nHost: 127.0.0.1\r\n${head}\r\n\r\n`);
    let sent = 0;
    while (open && sent < chunks) {
      sent++;
      if (!socket.write(chunk)) await Promise.race([once(socket, 'drain').catch(() => {}), closed]);
    }
    socket.end();
    await closed;
    clearTimeout(timer);
    return { answer, sent };
  }

  const mebibyte = Buffer.concat([Buffer.from('100000\r\n'), Buffer.alloc(MIB), Buffer.from('\r\n')]);

  test('a chunked body of 2 GB is refused at the limit and cut, with memory flat', async () => {
    const before = process.memoryUsage().rss;
    const { answer, sent } = await send('Transfer-Encoding: chunked', mebibyte, 2048);
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(sent).toBeLessThan(200);
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * MIB);
  });

  test('a body that declares too much is refused before it comes', async () => {
    const { answer, sent } = await send(`Content-Length: ${5_000_000_000}`, Buffer.alloc(MIB), 5000);
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(sent).toBeLessThan(5000);
  });

  test('a body shorter than it declares hurts nobody', async () => {
    const { answer } = await send('Content-Length: 1000', Buffer.alloc(10), 1);
    expect(answer).not.toMatch(/^HTTP\/1\.1 (200|5)/);
    expect((await fetch(new URL('/api/live', address))).status).toBe(200);
  });
});
