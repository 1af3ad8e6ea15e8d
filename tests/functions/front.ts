import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, request } from 'node:http';
import { pipeline } from 'node:stream';
import type { Worker } from './worker.ts';

const APP_HOST = 'app.example';

/** Under which callers know the app. */
export const APP_ORIGIN = `https://${APP_HOST}`;

export interface Front {
  readonly address: string;
  close(): Promise<void>;
}

/**
 * What the Functions host does with HTTP when streaming is on: it tells the worker of an invocation, with the headers, and
 * sends the request itself to the worker's own server. As measured on a real host, an encoded slash of a path is encoded
 * once more, and the app is not told of a client that goes away.
 */
export async function startFront(worker: Pick<Worker, 'httpUri' | 'call'>): Promise<Front> {
  const { hostname, port } = new URL(worker.httpUri);
  const server = createServer((incoming, outgoing) => {
    const invocationId = randomUUID();
    const onward = request({
      ...{ hostname, port, method: incoming.method, path: encodedOnceMore(incoming.url ?? '/') },
      headers: {
        ...endToEnd(incoming.headers),
        'x-ms-invocation-id': invocationId,
        'x-forwarded-host': APP_HOST,
        'x-forwarded-proto': 'https',
        // Otherwise the worker's server would hang up on a body that it need not read.
        connection: 'keep-alive',
      },
      // A connection for each request: an old one may be closed by the other side just when it is used.
      agent: false,
    });
    const refuse = () => outgoing.headersSent || outgoing.writeHead(500).end();
    onward.on('error', refuse);
    onward.on('response', (answer) => {
      if (outgoing.destroyed) return answer.resume();
      const { 'x-ms-invocation-id': _ours, ...headers } = endToEnd(answer.headers);
      outgoing.writeHead(answer.statusCode ?? 500, headers);
      return pipeline(answer, outgoing, () => {});
    });
    // Not a pipeline, which would hang up on the client when the worker wants no more of a body.
    incoming.pipe(onward).on('close', () => incoming.resume());
    incoming.on('close', () => incoming.complete || onward.destroy());
    // The worker has the request's headers from here: what is sent to its server is for the two of them alone.
    const headers = { json: JSON.stringify(incoming.headers) };
    // The host's own span is below that of its caller; to the app that makes no difference.
    const { traceparent } = incoming.headers;
    const traceParent = typeof traceparent === 'string' ? { traceParent: traceparent } : {};
    worker.call('api', { Headers: headers }, { invocationId, ...traceParent }).catch(refuse);
  });
  server.listen(0, '127.0.0.1').unref();
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    address: `http://127.0.0.1:${address.port}`,
    async close() {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}

function encodedOnceMore(url: string): string {
  return url.replace(/^[^?]*/, (path) => path.replace(/%(?=2f)/gi, '%25'));
}

/** Without what each connection says for itself. */
function endToEnd(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const { connection: _connection, 'keep-alive': _keepAlive, ...others } = headers;
  return others;
}
