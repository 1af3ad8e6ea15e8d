import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { getRequestListener, RequestError } from '@hono/node-server';
import type { Connection } from '../core/api/guards/client.ts';
import { notEvenARequest, refuseConnections } from './not-a-request.ts';

export interface RunningServer {
  /** Where it can be reached, without a slash at the end. */
  readonly address: string;
  /** Takes no more requests, lets the running ones end, and frees the port. Asking again changes nothing. */
  close(): Promise<void>;
}

/** A server cannot listen where the settings say. */
export class ListenError extends Error {
  override readonly name = 'ListenError';

  /** @param setting the one that chooses the port */
  constructor(cause: NodeJS.ErrnoException, port: number, setting: string) {
    super(listenFault(cause.code, port, setting), { cause });
  }
}

function listenFault(code: string | undefined, port: number, setting: string): string {
  if (code === 'EADDRINUSE') return `Port ${port} is taken by another program: set ${setting} to a free one.`;
  if (code === 'EACCES') return `Port ${port} is not allowed to this user: set ${setting} to one above 1023.`;
  return `HOST is no address that this machine can listen on (${code}): set it to one, or remove it.`;
}

/** A request's headers must come within this, and all of it within the next: slow clients must not hold a server. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 60_000;
/** How often both are looked at: by default so rarely that a slow client has four times the time. */
const TIMEOUT_CHECK_MS = 2_000;

/** Shorter than the 30 s that Container Apps waits before it kills. */
const CLOSE_DEADLINE_MS = 20_000;

/** @throws ListenError */
export async function startServer(
  app: { fetch(request: Request, connection: Connection): Response | Promise<Response> },
  {
    host,
    port,
    closeDeadlineMs = CLOSE_DEADLINE_MS,
  }: {
    readonly host: string;
    readonly port: number;
    /** After so many milliseconds the requests that still run are cut off. */
    readonly closeDeadlineMs?: number;
  },
): Promise<RunningServer> {
  const listener = getRequestListener(
    (request, { incoming }) => {
      // RFC 9112, 3.2: proxies and we might each believe another one.
      if (hostsOf(incoming.rawHeaders) > 1) return notEvenARequest(new RequestError('hosts'));
      return app.fetch(request, { peer: incoming.socket.remoteAddress });
    },
    { errorHandler: notEvenARequest },
  );
  const server = createServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: TIMEOUT_CHECK_MS,
      // Node would answer 400 without a word; here the listener does, with one.
      requireHostHeader: false,
    },
    listener,
  );
  // What is expected beside 100-continue may be ignored (RFC 9110, 10.1.1), and Node's answer to it has no body.
  server.on('checkExpectation', listener);
  refuseConnections(server);
  server.listen(port, host);
  await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
    throw new ListenError(error, port, 'PORT');
  });
  let closed: Promise<void> | undefined;
  return {
    address: addressOf(server, host),
    close() {
      closed ??= close(server, closeDeadlineMs);
      return closed;
    },
  };
}

/** Headers as they came: names and values by turns. */
function hostsOf(rawHeaders: readonly string[]): number {
  return rawHeaders.filter((text, index) => index % 2 === 0 && text.toLowerCase() === 'host').length;
}

function addressOf(server: Server, host: string): string {
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('the server has no port');
  // What listens on every address is reached at this machine's own.
  const reached = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${reached.includes(':') ? `[${reached}]` : reached}:${bound.port}`;
}

async function close(server: Server, deadlineMs: number): Promise<void> {
  const cut = setTimeout(() => server.closeAllConnections(), deadlineMs);
  const closed = once(server, 'close');
  server.close();
  await closed;
  clearTimeout(cut);
}
