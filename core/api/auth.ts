import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { FailedError, RefusedError } from '../errors.ts';
import { isLoopback } from '../loopback.ts';

/** Who may call. */
export interface AuthPolicy {
  readonly mode: 'keys' | 'none';
  /** SHA-256 hashes of the keys, in hex. They may change, so they are asked for with every request. */
  readonly keyHashes: () => Promise<readonly string[]>;
  /** Whether only this machine can reach the server. */
  readonly loopback: boolean;
}

/**
 * Lets a request pass, or throws. A server that others can reach needs keys, or the word that it needs none; one that
 * only this machine can reach needs neither, but then a web page must not be able to use it behind its user's back.
 */
export function authenticate(policy: AuthPolicy): MiddlewareHandler {
  return async (c, next) => {
    if (policy.loopback) refuseForeigners(c);
    if (policy.mode === 'keys') {
      const hashes = await policy.keyHashes();
      if (hashes.length > 0) requireKey(c, hashes);
      else if (!policy.loopback) throw new FailedError('auth-not-configured');
    }
    await next();
  };
}

/** A browser sends the page's origin, and by DNS rebinding a foreign Host: both mean the call is not this user's own. */
function refuseForeigners(c: Context): void {
  const origin = c.req.header('origin');
  const hosts = [new URL(c.req.url).hostname, ...(origin === undefined ? [] : [hostOf(origin)])];
  if (!hosts.every(isLoopback)) throw new RefusedError('origin-not-allowed');
}

function hostOf(origin: string): string {
  return URL.canParse(origin) ? new URL(origin).hostname : '';
}

function requireKey(c: Context, hashes: readonly string[]): void {
  const given =
    c.req.header('x-api-key') ?? c.req.header('authorization')?.match(/^Bearer +(\S+) *$/i)?.[1] ?? '';
  const hash = createHash('sha256').update(given).digest();
  // Every hash is compared, so that the time tells nothing.
  const matches = hashes.filter((known) => timingSafeEqual(Buffer.from(known, 'hex'), hash)).length;
  if (matches === 0) throw new RefusedError('unauthorized', { headers: { 'www-authenticate': 'Bearer' } });
}
