import { once } from 'node:events';
import { createServer } from 'node:net';
import { type Azurite, startAzurite as start } from '../containerapp/local/azurite.ts';

/** Azurite in memory, on free ports. */
export async function startAzurite(tries = 3): Promise<Azurite> {
  const ports = { blob: await freePort(), queue: await freePort(), table: await freePort() };
  try {
    return await start({ ports, data: 'memory' });
  } catch (error) {
    // Another test was given one of them between our look and Azurite's start.
    if (tries > 1 && String(error).includes('EADDRINUSE')) return startAzurite(tries - 1);
    throw error;
  }
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
