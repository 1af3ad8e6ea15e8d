import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';

export interface SilentServer {
  readonly origin: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Starts a server on a free port that takes every connection and says nothing, or to the first that it hears this and no more. */
export async function startSilentServer(says?: string): Promise<SilentServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}).on('close', () => sockets.delete(socket)));
    socket.once('data', () => says !== undefined && socket.write(says)).resume();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    origin: `http://127.0.0.1:${address.port}`,
    port: address.port,
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
