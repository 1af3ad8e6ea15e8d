import type { MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import type { ApiEnv } from '../options.ts';

/** Lets pages of these origins call the API. Without credentials: a key is sent by the page, never by the browser. */
export function allowOrigins(origins: readonly string[]): MiddlewareHandler<ApiEnv> {
  return cors({
    origin: [...origins],
    allowMethods: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'],
    exposeHeaders: [
      ...['etag', 'location', 'retry-after', 'x-request-id'],
      ...['idempotency-replayed', 'ratelimit', 'ratelimit-policy'],
    ],
    maxAge: 600,
  });
}
