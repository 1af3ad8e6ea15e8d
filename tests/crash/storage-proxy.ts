import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { breakConnection } from '../faults/break-connection.ts';
import { type StorageStep, storageStep } from './storage-step.ts';

/** What storage answers. */
export interface StorageAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/**
 * Told of every request before storage is.
 * @param pass lets it through to storage, and gives what that answers
 * @returns what the program is answered; `reset` for a connection that breaks instead
 */
export type Intercept = (
  step: StorageStep,
  pass: () => Promise<StorageAnswer>,
) => Promise<StorageAnswer | 'reset'>;

/** A request that storage has answered. */
interface Exchange extends StorageStep {
  readonly status: number;
}

export interface StorageProxy {
  /** For a program that is to reach storage through it. */
  readonly connectionString: string;
  /** What storage was asked and has answered, in this order. */
  readonly exchanges: readonly Exchange[];
  /** What happens to the requests from now on. */
  intercept: Intercept;
  /** So many milliseconds later than it is it seems to be, to who goes by the service's time. */
  later: number;
  /** Kills open connections, too. */
  close(): Promise<void>;
}

const PASS: Intercept = (_step, pass) => pass();

/**
 * Stands between a program and storage, with real sockets, so that what is counted, stopped and lost are the requests
 * themselves. Whoever starts it closes it.
 */
export async function startStorageProxy(
  connectionString: string,
  intercept: Intercept = PASS,
): Promise<StorageProxy> {
  const agent = new Agent({ keepAlive: true });
  const exchanges: Exchange[] = [];

  async function handle(origin: string, message: IncomingMessage, response: ServerResponse): Promise<void> {
    const step = storageStep(message);
    const body = await buffer(message);
    const pass = async () => {
      const answer = await ask(new URL(message.url ?? '/', origin), message, body, agent);
      exchanges.push({ ...step, status: answer.status });
      const date = new Date(Date.parse(answer.headers.date ?? '') + proxy.later);
      return { ...answer, headers: { ...answer.headers, date: date.toUTCString() } };
    };
    const answer = await proxy.intercept(step, pass);
    if (answer === 'reset') breakConnection(response.socket);
    else response.writeHead(answer.status, answer.headers).end(answer.body);
  }

  let proxied = connectionString;
  const servers = await Promise.all(
    endpoints(connectionString).map(async (endpoint) => {
      const { origin } = new URL(endpoint);
      const server = createServer((message, response) => {
        // The program went away in the middle of its request, or storage is closed.
        handle(origin, message, response).catch(() => response.destroy());
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const address = server.address();
      if (address === null || typeof address === 'string') throw new Error('no port');
      proxied = proxied.replace(origin, `http://127.0.0.1:${address.port}`);
      return server;
    }),
  );

  const proxy: StorageProxy = {
    connectionString: proxied,
    exchanges,
    intercept,
    later: 0,
    async close() {
      agent.destroy();
      const closed = servers.map((server) => once(server, 'close'));
      for (const server of servers) {
        server.close();
        server.closeAllConnections();
      }
      await Promise.all(closed);
    },
  };
  return proxy;
}

function endpoints(connectionString: string): string[] {
  return [...connectionString.matchAll(/(?:Blob|Queue)Endpoint=([^;]+)/g)].map(
    ([, endpoint = '']) => endpoint,
  );
}

async function ask(
  url: URL,
  { method, headers }: IncomingMessage,
  body: Buffer,
  agent: Agent,
): Promise<StorageAnswer> {
  const asked = request(url, { method: method ?? 'GET', headers, agent }).end(body);
  const [answer]: IncomingMessage[] = await once(asked, 'response');
  if (answer === undefined) throw new Error('no answer');
  const answered = await buffer(answer);
  const { 'transfer-encoding': _, ...plain } = answer.headers;
  const length = method === 'HEAD' ? {} : { 'content-length': `${answered.length}` };
  return { status: answer.statusCode ?? 0, headers: { ...plain, ...length }, body: answered };
}
