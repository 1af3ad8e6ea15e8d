import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { selfSigned } from '../faults/certificate.ts';
import { type Heard, type HeardLog, type HeardSpan, readEnvelopes } from './envelopes.ts';
import { readOtlp } from './otlp.ts';

/** Somewhere that telemetry is sent to: what a program said of itself, whichever way it said it. */
export interface Listener {
  /** The settings of a program that shall tell this one. */
  readonly settings: Readonly<Record<string, string>>;
  readonly spans: readonly HeardSpan[];
  readonly metrics: ReadonlySet<string>;
  readonly logs: readonly HeardLog[];
  /** Everything that was sent, as it was. */
  readonly texts: readonly string[];
  /** Of requests that nobody expected. */
  readonly strangers: readonly string[];
  close(): Promise<void>;
}

type Way = {
  readonly scheme: 'http' | 'https';
  /** Null for a path that telemetry is not sent to. */
  read(path: string, text: string): Heard | null;
  /** Of the answers; 200 where nothing is said. */
  readonly status?: number;
  /** Answers its first request with where to ask instead, which is here, too. */
  readonly isMoved?: boolean;
  answer(text: string): object;
  settings(address: string): Readonly<Record<string, string>>;
};

/** Application Insights: envelopes to `/v2.1/track`. */
export const APPLICATION_INSIGHTS: Way = {
  // The SDK never asks by http, whatever the connection string says.
  scheme: 'https',
  read: (path, text) => (path === '/v2.1/track' ? readEnvelopes(text) : null),
  answer: () => ({ itemsReceived: 1, itemsAccepted: 1, errors: [] }),
  settings: (address) => ({
    APPLICATIONINSIGHTS_CONNECTION_STRING: `InstrumentationKey=00000000-0000-4000-8000-000000000000;IngestionEndpoint=${address}/;LiveEndpoint=${address}/`,
  }),
};

/** A collector that speaks OTLP over HTTP, as JSON. */
export const OTLP_COLLECTOR: Way = {
  scheme: 'http',
  read: readOtlp,
  answer: () => ({}),
  settings: (address) => ({
    OTEL_EXPORTER_OTLP_ENDPOINT: address,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
  }),
};

/** Starts it on a free port. */
export async function startListener(way: Way): Promise<Listener> {
  const spans: HeardSpan[] = [];
  const metrics = new Set<string>();
  const logs: HeardLog[] = [];
  const texts: string[] = [];
  const strangers: string[] = [];
  let isMoved = way.isMoved ?? false;
  const hear: RequestListener = async (request, response) => {
    const sent = await buffer(request);
    if (isMoved) {
      isMoved = false;
      response.writeHead(308, { location: `${way.scheme}://${request.headers.host}${request.url}` }).end();
      return;
    }
    const text = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent).toString();
    const heard = way.read(request.url ?? '', text);
    if (heard === null) strangers.push(`${request.method} ${request.url}`);
    else {
      texts.push(text);
      spans.push(...heard.spans);
      logs.push(...heard.logs);
      for (const name of heard.metrics) metrics.add(name);
    }
    response.writeHead(heard === null ? 404 : (way.status ?? 200), { 'content-type': 'application/json' });
    response.end(JSON.stringify(way.answer(text)));
  };
  const { key, cert } = selfSigned();
  const server = way.scheme === 'https' ? createSecureServer({ key, cert }, hear) : createServer(hear);
  const folder = await mkdtemp(join(tmpdir(), 'listener-'));
  const trusted = join(folder, 'certificate.pem');
  await writeFile(trusted, cert);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    ...{ spans, metrics, logs, texts, strangers },
    settings: {
      ...way.settings(`${way.scheme}://127.0.0.1:${address.port}`),
      NODE_EXTRA_CA_CERTS: trusted,
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      await rm(folder, { recursive: true });
    },
  };
}
