import { createHash } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { FailedError, RefusedError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { Blobs } from '../../store/blobs.ts';
import { STATE_PREFIXES } from '../../store/state-prefixes.ts';
import { type BodyPolicy, contentType, readAhead } from '../bodies/body.ts';
import { type FormPart, multipartParts } from '../bodies/multipart.ts';
import type { ApiEnv } from '../options.ts';
import { claimAnswer, type KeptAnswer, type RunningClaim } from './claimed-answers.ts';

/** Printable, and neither beginning nor ending with a space, which would not arrive. */
export const IDEMPOTENCY_KEY = /^[!-~]([ -~]{0,253}[!-~])?$/;

/** What an answer means lies in these; all others belong to the occasion. */
const KEPT_HEADERS = ['content-type', 'location', 'etag'] as const;

const MAX_KEPT_BYTES = 1024 * 1024;

/**
 * Not the request's own fault, so another time it may succeed: what was not stored may be stored by then; of 499 nobody
 * was told. 5xx are not final either.
 */
const NOT_FINAL = new Set([401, 404, 408, 409, 429, 499]);

/** What a request that has only just begun takes at least. */
const SHORTEST_WAIT_MS = 2_000;

export interface IdempotencyOptions {
  /** Where answers are kept. */
  readonly state: Blobs;
  /** Of the largest body that the route takes. */
  readonly bodies: BodyPolicy;
  readonly log: Log;
}

/**
 * A POST with an `Idempotency-Key` is done once: for 24 hours the same request gets the same answer, with
 * `Idempotency-Replayed: true`, whichever instance it reaches. Answers that are not final are not kept.
 */
export function idempotency({ state, bodies, log }: IdempotencyOptions): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const key = c.req.header('idempotency-key');
    if (key === undefined || c.req.method !== 'POST') return next();
    if (!IDEMPOTENCY_KEY.test(key)) {
      const detail = 'An Idempotency-Key has 1 to 255 printable ASCII characters.';
      throw new RefusedError('invalid-request', { detail });
    }
    const body = await readAhead(c.req.raw, { ...bodies, isAwaited: c.get('isAwaited') });
    const { pathname } = new URL(c.req.url);
    // Callers do not see each other's answers, and one key may be used on several routes.
    const name = `${STATE_PREFIXES.answers}${sha256(JSON.stringify([key, c.get('keyHash'), pathname]))}.json`;
    const claim = await claimAnswer(state, name, fingerprint(c.req.raw, body));
    if (claim.state === 'other-request') throw new RefusedError('idempotency-mismatch');
    if (claim.state === 'running') throw inProgress(claim);
    if (claim.state === 'answered') return replay(c, claim.answer);
    let answer: KeptAnswer | null = null;
    try {
      await next();
      answer = await answerToKeep(c);
    } finally {
      // The request is done; that its answer is not kept must not take it from the caller.
      await (answer ? claim.keep(answer) : claim.release()).catch((err) => {
        log.warn({ err, requestId: c.get('requestId') }, 'an answer was not kept for its Idempotency-Key');
      });
    }
  };
}

/**
 * Tells one request from another by what it asks for. What a client may write anew for every try is no part of it: the
 * boundary between the parts of a form, and the parameters of a type.
 */
function fingerprint(request: Request, body: Uint8Array): string {
  const { pathname, search } = new URL(request.url);
  const type = contentType(request);
  const asked = JSON.stringify(['POST', pathname, search, type]);
  const parts = type === 'multipart/form-data' ? partsOf(request, body) : null;
  if (parts === null) return sha256(asked, body);
  return sha256(
    asked,
    ...parts.flatMap(({ headers, content }) => [`${headers.length} ${content.length} `, headers, content]),
  );
}

/** Null for what is no form: the route says what is wrong with it. */
function partsOf(request: Request, body: Uint8Array): readonly FormPart[] | null {
  try {
    return [...multipartParts(body, request.headers.get('content-type') ?? '')];
  } catch {
    return null;
  }
}

/** Whoever runs it may have died, and then it ends with its claim: so long as it runs, so long it may still take. */
function inProgress({ sinceMs, leftMs }: RunningClaim): FailedError {
  const wait = Math.min(Math.max(sinceMs, SHORTEST_WAIT_MS), Math.max(leftMs, SHORTEST_WAIT_MS));
  return new FailedError('idempotency-in-progress', {
    headers: { 'retry-after': `${Math.ceil(wait / 1_000)}` },
  });
}

function replay(c: Context<ApiEnv>, { status, headers, body }: KeptAnswer): Response {
  // A status that was answered once can be answered again.
  return c.body(Buffer.from(body, 'base64'), status as 200, { ...headers, 'idempotency-replayed': 'true' });
}

/** @returns null for an answer that is not final, not to be stored, or too large */
async function answerToKeep(c: Context<ApiEnv>): Promise<KeptAnswer | null> {
  const { status } = c.res;
  if (status >= 500 || NOT_FINAL.has(status)) return null;
  // A signed address is a secret, and dead before the day is over.
  if (c.res.ok && c.res.headers.get('cache-control') === 'no-store') return null;
  const body = Buffer.from(await c.res.clone().arrayBuffer());
  if (body.byteLength > MAX_KEPT_BYTES) return null;
  const headers = KEPT_HEADERS.flatMap((name) => {
    const value = c.res.headers.get(name);
    return value === null ? [] : [[name, value] as const];
  });
  return { status, headers: Object.fromEntries(headers), body: body.toString('base64') };
}

function sha256(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}
