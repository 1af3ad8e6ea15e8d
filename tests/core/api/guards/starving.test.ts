import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startServer } from '../../../../containerapp/server.ts';
import { parseConfig } from '../../../../core/config.ts';
import { createLog } from '../../../../core/log.ts';
import { createProgram } from '../../../../core/program.ts';
import { startAzurite } from '../../../azurite.ts';
import { photo } from '../../../fixtures/images/photo.ts';
import { until } from '../../../until.ts';

/** After a minute the server itself ends a request that does not come, and all who wait have a place. */
const UNHURRIED_MS = 50_000;

/** As many as are worked on at once. */
const PLACES = 32;

let azurite: Awaited<ReturnType<typeof startAzurite>>;
let server: Awaited<ReturnType<typeof startServer>>;
const clients: Socket[] = [];
let begun = 0;

beforeAll(async () => {
  azurite = await startAzurite();
  const config = parseConfig({ STORAGE: azurite.connectionString });
  const storage = { connectionString: azurite.connectionString };
  const program = await createProgram(config, storage, createLog('silent'));
  await Promise.all([program.blobs.create(), program.state.create()]);
  // Nobody gives a place away because the time of the body is over.
  const app = program.api({ loopback: true, drainBodies: false, bodyDeadlineMs: 600_000 });
  const counting: typeof app.fetch = (...request) => {
    begun++;
    return app.fetch(...request);
  };
  server = await startServer({ fetch: counting }, { host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  for (const client of clients) client.destroy();
  await server.close();
  await azurite.close();
});

/** So many requests that do not come to their end, all of which have begun. */
async function hold(places: number, headers: string): Promise<Socket[]> {
  const before = begun;
  const holding = await Promise.all(Array.from({ length: places }, () => slow(headers)));
  await until('all have begun', () => begun - before === places);
  return holding;
}

/** Sends the head of a request and a byte of its body, and no more. */
async function slow(headers: string): Promise<Socket> {
  const { hostname, port } = new URL(server.address);
  const socket = connect(Number(port), hostname);
  clients.push(socket);
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.write(`POST /api/prompts HTTP/1.1\r\nHost: 127.0.0.1\r\n${headers}\r\n\r\nx`);
  return socket;
}

const describeOne = async (image: Uint8Array<ArrayBuffer>) =>
  (await fetch(`${server.address}/api/prompts`, { method: 'POST', body: image })).status;

test.each([
  ['images', 'Content-Length: 1000'],
  ['bodies that are read ahead', 'Content-Length: 1000\r\nIdempotency-Key: slow'],
])(
  'clients that hold every place with %s give them to those that wait',
  async (_what, headers) => {
    const holding = await hold(PLACES, headers);
    const image = new Uint8Array(await photo({ width: 100, height: 100 }));
    expect(await Promise.all([describeOne(image), describeOne(image)])).toEqual([200, 200]);
    expect(await Promise.race(holding.map((client) => text(client)))).toMatch(/^HTTP\/1\.1 408 /);
    for (const client of holding) client.destroy();
  },
  UNHURRIED_MS,
);

test(
  'the type of a body is written in any case, and no address counts as a few bytes',
  async () => {
    // Each of eight is counted as the largest image; were it counted as what it declares, a ninth would begin at once.
    const holding = await hold(8, 'Content-Type: APPLICATION/JSON\r\nContent-Length: 50');
    const image = new Uint8Array(await photo({ width: 100, height: 100 }));
    expect(await describeOne(image)).toBe(200);
    expect(await Promise.race(holding.map((client) => text(client)))).toMatch(/^HTTP\/1\.1 408 /);
    for (const client of holding) client.destroy();
  },
  UNHURRIED_MS,
);
