import { randomUUID } from 'node:crypto';
import { type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { RequestError } from '@hono/node-server';
import { FailedError, type ProblemError, RefusedError } from '../core/errors.ts';
import { problemOf } from '../core/problem.ts';

/** Answers to what never reaches the app, in the form of the app's own. */

/** A request without an address, for instance with a broken Host. */
export function notEvenARequest(cause: unknown): Response {
  const isMalformed = cause instanceof RequestError;
  const problem = isMalformed ? new RefusedError('invalid-request') : new FailedError('internal', { cause });
  const { status, headers, body } = answerTo(problem);
  return new Response(body, { status, headers });
}

/** Answers what Node's parser refuses, which by default gets a status and nothing else. */
export function refuseConnections(server: Server): void {
  const answers = new WeakMap<Duplex, ServerResponse>();
  server.prependListener('request', (request, answer) => answers.set(request.socket, answer));
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const running = answers.get(socket);
    const hasBegun = running?.headersSent && !running.writableFinished;
    // Into an answer that has begun another one must not be written: the client would take it for the rest.
    if (error.code === 'ECONNRESET' || !socket.writable || hasBegun) {
      socket.destroy();
      return;
    }
    const { status, headers, body } = answerTo(problemFor(error));
    const lines = Object.entries({
      ...headers,
      'content-length': `${Buffer.byteLength(body)}`,
      connection: 'close',
    }).map(([name, value]) => `${name}: ${value}\r\n`);
    const answer = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`;
    // Whoever goes on sending is not listened to.
    socket.end(answer, () => socket.destroy());
  });
}

function problemFor({ code }: NodeJS.ErrnoException): ProblemError {
  if (code === 'HPE_HEADER_OVERFLOW') return new RefusedError('headers-too-large');
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') return new RefusedError('body-too-large');
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new FailedError('body-timeout', { detail: 'The request did not come in time.' });
  }
  return new RefusedError('invalid-request', { detail: 'This is no HTTP request.' });
}

function answerTo(problem: ProblemError) {
  const requestId = randomUUID();
  return {
    status: problem.kind.status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-request-id': requestId,
    },
    body: JSON.stringify(problemOf(problem, { requestId })),
  };
}
