import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { AMPLE_MS } from '../until.ts';
import { type Behaviour, JSON_HEADERS } from './behaviour.ts';

/** Why a service would refuse a request, as it says so. */
export interface Complaint {
  readonly status: number;
  readonly body: object;
}

export interface ScriptedServer<R> {
  /** Scheme, address and port. */
  readonly origin: string;
  /** Requests so far, the wrong ones included. */
  readonly calls: number;
  /** The latest requests that were accepted, oldest first. */
  readonly requests: readonly R[];
  /** Queues a behaviour for each of the next accepted requests; after them comes the default again. */
  script(...behaviours: readonly Behaviour<R>[]): void;
  /** Resolves with the next accepted request, before it is answered. */
  arrival(signal?: AbortSignal): Promise<R>;
  /** Kills open connections, too. */
  close(): Promise<void>;
}

interface ScriptedServerOptions<R> {
  /** Holds a request to the service's protocol. */
  readonly check: (message: IncomingMessage, body: Buffer) => R | Complaint;
  /** What is done with a request that has no script. */
  readonly behaviour: Behaviour<R>;
  /** For benchmarks only: how long each answer is held back. */
  readonly latencyMs?: number;
}

/** Bodies are kept with the requests, so only a few are. */
const KEPT_REQUESTS = 20;

/** Starts a service on a free port of this machine that does what its script says. Whoever starts it closes it. */
export async function startScriptedServer<R extends object>({
  check,
  behaviour,
  latencyMs = 0,
}: ScriptedServerOptions<R>): Promise<ScriptedServer<R>> {
  const scripted: Behaviour<R>[] = [];
  const requests: R[] = [];
  const arrivals = new EventEmitter();
  let calls = 0;

  async function handle(message: IncomingMessage, response: ServerResponse): Promise<void> {
    calls++;
    const body = await buffer(message).catch(() => null);
    // The client went away while it sent its image: there is nobody left to answer.
    if (body === null) return;
    const request = check(message, body);
    if ('status' in request) {
      response.writeHead(request.status, JSON_HEADERS).end(JSON.stringify(request.body));
      return;
    }
    requests.push(request);
    requests.splice(0, requests.length - KEPT_REQUESTS);
    const behave = scripted.shift() ?? behaviour;
    arrivals.emit('request', request);
    if (latencyMs === 0) behave(request, response);
    else setTimeout(() => behave(request, response), latencyMs);
  }

  const server = createServer(handle);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');

  return {
    origin: `http://127.0.0.1:${address.port}`,
    get calls() {
      return calls;
    },
    requests,
    script(...behaviours) {
      scripted.push(...behaviours);
    },
    async arrival(signal = AbortSignal.timeout(AMPLE_MS)) {
      const [request] = await once(arrivals, 'request', { signal });
      return request;
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
