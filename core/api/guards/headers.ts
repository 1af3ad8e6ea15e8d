import type { MiddlewareHandler } from 'hono';
import type { ApiEnv } from '../options.ts';
import { schemeOf } from './client.ts';

/**
 * What every answer says to browsers. Answers are data: a page made of one by mistake or malice may load and run
 * nothing, and no other site may frame or embed one. A route that is a page brings a policy of its own.
 */
const HEADERS = {
  'content-security-policy':
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;

/** A year. Of this host only: names below it may be someone else's. */
const HSTS = 'max-age=31536000';

/** @param trustedProxies whether the request came by https is known from the nearest proxy where there is one */
export function securityHeaders(trustedProxies: number): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(HEADERS)) {
      if (!c.res.headers.has(name)) c.header(name, value);
    }
    // RFC 6797: a browser must not heed it over http, and a machine that is only called by http must not say it.
    if (schemeOf(c, trustedProxies) === 'https') c.header('strict-transport-security', HSTS);
    if (c.res.status >= 400) c.header('cache-control', 'no-store');
    // RFC 9111, section 3.5: a cache that others share knows of a key in Authorization only, not in x-api-key.
    else if (!c.res.headers.has('cache-control')) c.header('cache-control', 'private, no-cache');
  };
}
