import type { ServerResponse } from 'node:http';
import { breakConnection } from './break-connection.ts';

/** What a service does with one request that it accepts; here what any service can do, whatever was asked. */
export type Behaviour<R> = (request: R, response: ServerResponse) => void;

export const JSON_HEADERS = { 'content-type': 'application/json; charset=utf-8', 'x-ms-region': 'East US' };

/** Gives exactly this; an object goes out as JSON. */
export function respond(
  status: number,
  body: string | Uint8Array | object,
  headers: Readonly<Record<string, string>> = {},
): Behaviour<unknown> {
  const raw = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
  return (_request, response) => response.writeHead(status, { ...JSON_HEADERS, ...headers }).end(raw);
}

/** An error in the shape that Azure and OpenAI share. */
export function fail(
  status: number,
  code: string,
  headers?: Readonly<Record<string, string>>,
): Behaviour<unknown> {
  return respond(
    status,
    { error: { code, message: `The fake service was told to answer ${code}.`, param: null, type: 'fake' } },
    headers,
  );
}

export function html(status = 200): Behaviour<unknown> {
  return respond(status, '<!doctype html><title>Proxy</title>', { 'content-type': 'text/html' });
}

/** Accepts the request and says nothing, until the client or the server closes. */
export function hang(): Behaviour<unknown> {
  return () => {};
}

export function resetBeforeHeaders(): Behaviour<unknown> {
  return (_request, response) => breakConnection(response.socket);
}

type BodyOf<R> = (request: R) => string;

/** Promises an answer by its length and ends the connection half way. */
export function resetHalfWay<R>(bodyOf: BodyOf<R>): Behaviour<R> {
  return (request, response) => {
    const body = bodyOf(request);
    response.writeHead(200, { ...JSON_HEADERS, 'content-length': Buffer.byteLength(body) });
    response.write(body.slice(0, body.length / 2), () => response.socket?.destroy());
  };
}

/** Begins an answer and says no more. */
export function hangHalfWay<R>(bodyOf: BodyOf<R>): Behaviour<R> {
  return (request, response) => {
    const body = bodyOf(request);
    response.writeHead(200, { ...JSON_HEADERS, 'content-length': Buffer.byteLength(body) });
    response.write(body.slice(0, body.length / 2));
  };
}

/** A proper end in the middle of the body. */
export function endHalfWay<R>(bodyOf: BodyOf<R>): Behaviour<R> {
  return (request, response) => {
    const body = bodyOf(request);
    response.writeHead(200, JSON_HEADERS).end(body.slice(0, body.length / 2));
  };
}

/** A byte at a time, for minutes. `onByte` hears the number of bytes that are on their way. */
export function trickle<R>(
  bodyOf: BodyOf<R>,
  everyMs: number,
  onByte: (count: number) => void,
): Behaviour<R> {
  return (request, response) => {
    const body = Buffer.from(bodyOf(request));
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
