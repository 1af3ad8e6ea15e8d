import { once } from 'node:events';
import { createServer } from 'node:net';
import { type Azurite, startAzurite as start } from '../containerapp/local/azurite.ts';

/** Azurite in memory, on free ports. */
export async function startAzurite(): Promise<Azurite> {
  return start({
    ports: { blob: await freePort(), queue: await freePort(), table: await freePort() },
    data: 'memory',
  });
}

/** A port nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
