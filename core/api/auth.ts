import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { FailedError, RefusedError } from '../errors.ts';
import { isLoopback } from '../loopback.ts';
import { hostsOf } from './guards/client.ts';
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

/** What tells the API's own web pages from others. */
export interface OwnPages {
  /** Of other web pages that may call the API. */
  readonly corsOrigins: readonly string[];
  readonly trustedProxies: number;
}

/**
 * Lets a request that was identified pass, or throws. A server that others can reach needs keys, or the word that it
 * needs none; one that only this machine can reach needs neither. Without keys a web page must not be able to use it
 * behind its user's back.
 */
export function authenticate(policy: AuthPolicy, pages: OwnPages): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    if (policy.loopback) refuseForeignHost(c);
    if (policy.loopback || policy.mode === 'none') refuseForeignPages(c, policy, pages);
    if (policy.mode === 'keys') {
      const hashes = await policy.keyHashes();
      if (hashes.length > 0) requireKey(c);
      else if (!policy.loopback) throw new FailedError('auth-not-configured');
    }
    await next();
  };
}

/** By DNS rebinding the page of a foreign name is, to a browser, one of this server's own. */
function refuseForeignHost(c: Context<ApiEnv>): void {
  if (!isLoopback(new URL(c.req.url).hostname)) throw new RefusedError('origin-not-allowed');
}

/** A browser says which page calls, or at least whether it is of another site: no page can keep it from that. */
function refuseForeignPages(c: Context<ApiEnv>, policy: AuthPolicy, pages: OwnPages): void {
  const origin = c.req.header('origin');
  const site = c.req.header('sec-fetch-site');
  // Links may be followed: that neither changes anything nor tells the page what came.
  const isLink = c.req.header('sec-fetch-mode') === 'navigate' && ['GET', 'HEAD'].includes(c.req.method);
  const isEmbedded = site === 'cross-site' && !isLink;
  if (origin === undefined ? isEmbedded : !isOwn(origin)) throw new RefusedError('origin-not-allowed');

  function isOwn(from: string): boolean {
    if (pages.corsOrigins.includes(from)) return true;
    const host = URL.canParse(from) ? new URL(from).hostname : '';
    if (policy.loopback) return isLoopback(host);
    // A proxy may end TLS or call another port, so of an origin only the name counts. One that puts its own name in the
    // place of that leaves the browser's word.
    return site === 'same-origin' || (!isEmbedded && hostsOf(c, pages.trustedProxies).includes(host));
  }
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
