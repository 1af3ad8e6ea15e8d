import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { answer, type Behaviour, JSON_HEADERS } from './vision-behaviour.ts';
import { checkRequest, type VisionRequest } from './vision-request.ts';

export interface VisionServer {
  /** What a client is configured with. */
  readonly endpoint: string;
  readonly key: string;
  /** Requests so far, the wrong ones included. */
  readonly calls: number;
  /** The latest requests that were accepted, oldest first. */
  readonly requests: readonly VisionRequest[];
  /** Queues a behaviour for each of the next accepted requests; after them comes the default again. */
  script(...behaviours: readonly Behaviour[]): void;
  /** Resolves with the next accepted request, before it is answered. */
  arrival(signal?: AbortSignal): Promise<VisionRequest>;
  /** Kills open connections, too. */
  close(): Promise<void>;
}

interface VisionServerOptions {
  readonly key?: string;
  /** What is done with a request that has no script. */
  readonly behaviour?: Behaviour;
  /** False for a resource in a region without captions. */
  readonly captions?: boolean;
  /** For benchmarks only: how long each answer is held back. */
  readonly latencyMs?: number;
}

/** Bodies are kept with the requests, so only a few are. */
const KEPT_REQUESTS = 20;

/**
 * Starts a service that speaks the protocol of Image Analysis 4.0 on a free port of this machine. Whoever starts it
 * closes it; a child process is handed its endpoint and key.
 */
export async function startVisionServer({
  key = 'a-key-of-the-fake-service',
  behaviour = answer(),
  captions = true,
  latencyMs = 0,
}: VisionServerOptions = {}): Promise<VisionServer> {
  const scripted: Behaviour[] = [];
  const requests: VisionRequest[] = [];
  const arrivals = new EventEmitter();
  let calls = 0;

  async function handle(message: IncomingMessage, response: ServerResponse): Promise<void> {
    calls++;
    const body = await buffer(message).catch(() => null);
    // The client went away while it sent its image: there is nobody left to answer.
    if (body === null) return;
    const request = checkRequest(message, body, { key, captions });
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
    endpoint: `http://127.0.0.1:${address.port}`,
    key,
    get calls() {
      return calls;
    },
    requests,
    script(...behaviours) {
      scripted.push(...behaviours);
    },
    async arrival(signal = AbortSignal.timeout(10_000)) {
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
