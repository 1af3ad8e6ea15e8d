import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { FailedError, RefusedError } from '../errors.ts';
import { isLoopback } from '../loopback.ts';
import type { ApiEnv } from './options.ts';

/** Who may call. */
export interface AuthPolicy {
  readonly mode: 'keys' | 'none';
  /** SHA-256 hashes of the keys, in hex. They may change, so they are asked for with every request. */
  readonly keyHashes: () => Promise<readonly string[]>;
  /** Whether only this machine can reach the server. */
  readonly loopback: boolean;
}

/** Parameters that clients of other services put keys into. */
const KEY_PARAMETERS = ['key', 'code', 'api_key', 'api-key', 'apikey', 'x-api-key', 'access_token', 'token'];

/** Finds out whose key came with a request, for whatever counts or keeps something for each caller. */
export function identify({ mode, keyHashes }: AuthPolicy): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    c.set('keyHash', mode === 'keys' ? knownHash(c, await keyHashes()) : null);
    await next();
  };
}

/**
 * Lets a request that was identified pass, or throws. A server that others can reach needs keys, or the word that it
 * needs none; one that only this machine can reach needs neither, but then a web page must not be able to use it behind
 * its user's back.
 * @param origins of web pages that may
 */
export function authenticate(policy: AuthPolicy, origins: readonly string[]): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    if (policy.loopback) refuseForeigners(c, origins);
    if (policy.mode === 'keys') {
      const hashes = await policy.keyHashes();
      if (hashes.length > 0) requireKey(c);
      else if (!policy.loopback) throw new FailedError('auth-not-configured');
    }
    await next();
  };
}

/** A browser sends the page's origin, and by DNS rebinding a foreign Host: both mean the call is not this user's own. */
function refuseForeigners(c: Context<ApiEnv>, origins: readonly string[]): void {
  const origin = c.req.header('origin');
  const isOwn = origin === undefined || origins.includes(origin) || isLoopback(hostOf(origin));
  // For a picture or a frame a browser sends no origin, only whether the page is another site's. Links may be followed.
  const isEmbedded =
    origin === undefined &&
    c.req.header('sec-fetch-site') === 'cross-site' &&
    c.req.header('sec-fetch-mode') !== 'navigate';
  if (!isOwn || isEmbedded || !isLoopback(new URL(c.req.url).hostname)) {
    throw new RefusedError('origin-not-allowed');
  }
}

function hostOf(origin: string): string {
  return URL.canParse(origin) ? new URL(origin).hostname : '';
}

function knownHash(c: Context<ApiEnv>, hashes: readonly string[]): string | null {
  const given =
    c.req.header('x-api-key') ?? c.req.header('authorization')?.match(/^Bearer +(\S+) *$/i)?.[1] ?? '';
  const hash = createHash('sha256').update(given).digest();
  // Every hash is compared, so that the time tells nothing.
  const [match] = hashes.filter((known) => timingSafeEqual(Buffer.from(known, 'hex'), hash));
  return match ?? null;
}

function requireKey(c: Context<ApiEnv>): void {
  if (typeof c.get('keyHash') === 'string') return;
  if (KEY_PARAMETERS.some((name) => c.req.query(name) !== undefined)) {
    throw new RefusedError('invalid-request', {
      detail: 'Send the key in the header x-api-key: addresses are written into logs.',
    });
  }
  throw new RefusedError('unauthorized', { headers: { 'www-authenticate': 'Bearer' } });
}
