import type { MiddlewareHandler } from 'hono';
import { FailedError } from '../../errors.ts';
import type { ApiEnv } from '../options.ts';
import { clientOf } from './client.ts';
import { type RateLimit, Windows } from './windows.ts';

/**
 * Answers 429 to a client that asks more often than the limit. A client is its key, or its address where it has none: so
 * whoever tries keys is limited too, and someone else's tries do not use up what the owner of a key may do. Every answer
 * tells what is left, as draft-ietf-httpapi-ratelimit-headers-10 has it.
 */
export function rateLimit(limit: RateLimit, trustedProxies: number): MiddlewareHandler<ApiEnv> {
  const windows = new Windows(limit, () => performance.now());
  const policy = `"default";q=${limit.requests};w=${limit.windowMs / 1_000}`;
  return async (c, next) => {
    const { isAllowed, left, endsIn } = windows.take(clientOf(c, trustedProxies));
    const seconds = Math.ceil(endsIn / 1_000);
    if (isAllowed) await next();
    c.header('ratelimit-policy', policy);
    c.header('ratelimit', `"default";r=${left};t=${seconds}`);
    if (!isAllowed) throw new FailedError('rate-limited', { headers: { 'retry-after': `${seconds}` } });
  };
}
