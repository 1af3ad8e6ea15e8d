import type { ServerResponse } from 'node:http';
import type { VisionRequest } from './vision-request.ts';
import { answerTo, HARBOUR, type Scene } from './vision-scene.ts';

/** What the service does with one request that it accepts. */
export type Behaviour = (request: VisionRequest, response: ServerResponse) => void;

export const JSON_HEADERS = { 'content-type': 'application/json; charset=utf-8', 'x-ms-region': 'East US' };

/** Answers as it should. */
export function answer(scene: Partial<Scene> = {}): Behaviour {
  return (request, response) => {
    response.writeHead(200, JSON_HEADERS).end(JSON.stringify(answerTo(request, { ...HARBOUR, ...scene })));
  };
}

/** Gives exactly this; an object goes out as JSON. */
export function respond(
  status: number,
  body: string | Uint8Array | object,
  headers: Readonly<Record<string, string>> = {},
): Behaviour {
  const raw = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
  return (_request, response) => response.writeHead(status, { ...JSON_HEADERS, ...headers }).end(raw);
}

/** An error in the shape of the service. */
export function fail(status: number, code: string, headers?: Readonly<Record<string, string>>): Behaviour {
  return respond(
    status,
    { error: { code, message: `The fake service was told to answer ${code}.` } },
    headers,
  );
}

export function html(status = 200): Behaviour {
  return respond(status, '<!doctype html><title>Proxy</title>', { 'content-type': 'text/html' });
}

/** Accepts the request and says nothing, until the client or the server closes. */
export function hang(): Behaviour {
  return () => {};
}

export function resetBeforeHeaders(): Behaviour {
  return (_request, response) => response.socket?.resetAndDestroy();
}

/** Promises an answer by its length and ends the connection half way. */
export function resetMidBody(): Behaviour {
  return (request, response) => {
    const body = JSON.stringify(answerTo(request, HARBOUR));
    response.writeHead(200, { ...JSON_HEADERS, 'content-length': Buffer.byteLength(body) });
    response.write(body.slice(0, body.length / 2), () => response.socket?.destroy());
  };
}

/** A proper end in the middle of the JSON. */
export function truncatedJson(): Behaviour {
  return (request, response) => {
    const body = JSON.stringify(answerTo(request, HARBOUR));
    response.writeHead(200, JSON_HEADERS).end(body.slice(0, body.length / 2));
  };
}

/** A byte at a time, for minutes. `onByte` hears the number of bytes that are on their way. */
export function slowBytes(everyMs: number, onByte: (count: number) => void = () => {}): Behaviour {
  return (request, response) => {
    const body = Buffer.from(JSON.stringify(answerTo(request, HARBOUR)));
    response.writeHead(200, { ...JSON_HEADERS, 'content-length': body.length });
    let sent = 0;
    const timer = setInterval(() => {
      sent++;
      response.write(body.subarray(sent - 1, sent), () => onByte(sent));
      if (sent === body.length) response.end();
    }, everyMs);
    response.once('close', () => clearInterval(timer));
  };
}
