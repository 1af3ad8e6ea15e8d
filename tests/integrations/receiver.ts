import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

/** Teams, Slack or whoever else takes JSON by POST. */
export interface Receiver {
  readonly origin: string;
  /** Bodies by their paths, as they were sent. */
  readonly received: Map<string, string>;
  /** What it answers, by path; 200 otherwise. */
  readonly statuses: Map<string, number>;
  close(): Promise<void>;
}

/** Starts one on a free port of this machine. */
export async function startReceiver(): Promise<Receiver> {
  const received = new Map<string, string>();
  const statuses = new Map<string, number>();
  const server = createServer(async (request, response) => {
    const path = request.url ?? '';
    received.set(path, await text(request));
    // A connection that is kept may be closed in the moment when it is used again.
    response.writeHead(statuses.get(path) ?? 200, { connection: 'close' }).end('ok');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    origin: `http://127.0.0.1:${address.port}`,
    received,
    statuses,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
