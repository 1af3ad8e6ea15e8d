import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { getRequestListener, RequestError } from '@hono/node-server';
import type { Connection } from '../core/api/guards/client.ts';
import { FailedError, RefusedError } from '../core/errors.ts';
import { problemOf } from '../core/problem.ts';

export interface RunningServer {
  /** Where it can be reached, without a slash at the end. */
  readonly address: string;
  /** Takes no more requests, lets the running ones end, and frees the port. Asking again changes nothing. */
  close(): Promise<void>;
}

export class PortTakenError extends Error {
  override readonly name = 'PortTakenError';

  /** @param setting the setting that chooses another port */
  constructor(port: number, setting: string, options?: ErrorOptions) {
    super(`Port ${port} is taken by another program: set ${setting} to a free one.`, options);
  }
}

/** A request's headers must come within this, and all of it within the next: slow clients must not hold a server. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 60_000;

/** Shorter than the 30 s that Container Apps waits before it kills. */
const CLOSE_DEADLINE_MS = 20_000;

/** @throws PortTakenError */
export async function startServer(
  app: { fetch(request: Request, connection: Connection): Response | Promise<Response> },
  { host, port }: { readonly host: string; readonly port: number },
): Promise<RunningServer> {
  const server = createServer(
    { headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS },
    getRequestListener(
      (request, { incoming }) => app.fetch(request, { peer: incoming.socket.remoteAddress }),
      { errorHandler: notEvenARequest },
    ),
  );
  server.listen(port, host);
  await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EADDRINUSE' ? new PortTakenError(port, 'PORT', { cause: error }) : error;
  });
  let closed: Promise<void> | undefined;
  return {
    address: addressOf(server, host),
    close() {
      closed ??= close(server);
      return closed;
    },
  };
}

/** A request without an address, for instance with a broken Host, never reaches the app. */
function notEvenARequest(cause: unknown): Response {
  const isMalformed = cause instanceof RequestError;
  const problem = isMalformed ? new RefusedError('invalid-request') : new FailedError('internal', { cause });
  return new Response(JSON.stringify(problemOf(problem, {})), {
    status: problem.kind.status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
  });
}

function addressOf(server: Server, host: string): string {
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('the server has no port');
  // What listens on every address is reached at this machine's own.
  const reached = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${reached.includes(':') ? `[${reached}]` : reached}:${bound.port}`;
}

async function close(server: Server): Promise<void> {
  const cut = setTimeout(() => server.closeAllConnections(), CLOSE_DEADLINE_MS);
  const closed = once(server, 'close');
  server.close();
  await closed;
  clearTimeout(cut);
}
