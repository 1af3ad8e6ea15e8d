import * as z from 'zod';
import { CollectedBytes } from '../../collected-bytes.ts';
import { FailedError, RefusedError } from '../../errors.ts';
import { imageField } from './multipart.ts';
import { parseJson } from './strict-json.ts';

export interface BodyPolicy {
  readonly maxBytes: number;
  /**
   * Read an oversized body to its end, keeping nothing, before refusing it. The Functions host needs that: it answers
   * 500 when a body is left half-read.
   */
  readonly drain: boolean;
  /** Milliseconds in which the whole body must have come; 30 seconds where nothing is said. */
  readonly deadlineMs?: number | undefined;
  /** Whether others wait for the place that this body is read in: then it must come at a fair pace. */
  readonly isAwaited?: (() => boolean) | undefined;
  /** What more than `maxBytes` is refused with: `image-too-large` where nothing is said. */
  readonly tooLarge?: ((maxBytes: number) => RefusedError) | undefined;
}

/** Ample for 20 MiB at 6 Mbit/s, and all the time that a client gets which sends a byte now and then. */
const DEADLINE_MS = 30_000;

/** Who is slower than 64 KiB/s after this time gives the place to someone who waits for it. */
const GRACE_MS = 2_000;
const FAIR_PACE = 64;
const PACE_CHECK_MS = 250;

/** Multipart adds boundaries, headers and small fields around the image. */
const MULTIPART_EXTRA = 64 * 1024;
const MAX_JSON_BYTES = 64 * 1024;

/** What a JSON body names. */
export const reference = z.union([
  z.strictObject({ blob: z.string().describe('Name of a stored image.') }),
  z.strictObject({ url: z.string().describe('Public address of an image, http or https.') }),
]);

/** What a client sent to be described. */
export type SentImage = { readonly bytes: Uint8Array } | { readonly blob: string } | { readonly url: string };

/** The most bytes of a body that holds an image of at most `maxBytes`. */
export function bodyLimit(maxBytes: number): number {
  return maxBytes + MULTIPART_EXTRA;
}

/**
 * Reads the image out of a request: the raw body, the one file of the multipart field `image`, or JSON that names a
 * stored blob or an address. The declared type of an image is not trusted; its bytes are judged later.
 * @throws RefusedError
 */
export async function readImage(request: Request, policy: BodyPolicy): Promise<SentImage> {
  const type = contentType(request);
  if (type === 'application/json')
    return readReference(
      await readBytes(request, { ...policy, maxBytes: MAX_JSON_BYTES, tooLarge: bodyTooLarge }),
    );
  const multipart = type === 'multipart/form-data';
  const maxBytes = multipart ? bodyLimit(policy.maxBytes) : policy.maxBytes;
  const body = await readBytes(request, { ...policy, maxBytes });
  const bytes = multipart ? await imageField(body, request.headers.get('content-type') ?? '') : body;
  if (bytes.byteLength === 0) throw new RefusedError('empty-body');
  if (bytes.byteLength > policy.maxBytes) throw imageTooLarge(policy.maxBytes);
  return { bytes };
}

const readAlready = new WeakMap<Request, Uint8Array>();

/** `readBytes` for who must know a body before the request's own handler reads it, which then gets the same bytes. */
export async function readAhead(request: Request, policy: BodyPolicy): Promise<Uint8Array> {
  const bytes = await readBytes(request, policy);
  readAlready.set(request, bytes);
  return bytes;
}

/**
 * Collects a body, counting while it comes: what a client declares is a hint, not a promise.
 * @throws RefusedError; FailedError `body-timeout`
 */
export async function readBytes(
  request: Request,
  {
    maxBytes,
    drain,
    deadlineMs = DEADLINE_MS,
    isAwaited = () => false,
    tooLarge = imageTooLarge,
  }: BodyPolicy,
): Promise<Uint8Array> {
  const known = readAlready.get(request);
  if (known && known.byteLength > maxBytes) throw tooLarge(maxBytes);
  if (known) return known;
  refuseEncoding(request);
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge(maxBytes);
  if (request.body === null) return new Uint8Array();
  const reader = request.body.getReader();
  const late = new AbortController();
  const giveUp = () => {
    late.abort(new FailedError('body-timeout', HANG_UP));
    // Ends the read that waits. Raced with a promise, every read would leave something behind until that is settled.
    reader.cancel(late.signal.reason).catch(() => {});
  };
  const timer = setTimeout(giveUp, deadlineMs);
  const collected = new CollectedBytes(maxBytes);
  let length = 0;
  const begun = performance.now();
  const pace = setInterval(() => {
    const elapsed = performance.now() - begun;
    if (elapsed > GRACE_MS && length < elapsed * FAIR_PACE && isAwaited()) giveUp();
  }, PACE_CHECK_MS);
  try {
    for (;;) {
      const { done, value } = await reader.read().catch(interrupted);
      late.signal.throwIfAborted();
      if (done) break;
      length += value.byteLength;
      if (length <= maxBytes) collected.add(value);
      else if (drain) collected.clear();
      else throw tooLarge(maxBytes);
    }
  } catch (error) {
    // Whoever sends it may stop; nobody waits until it has.
    reader.cancel(error).catch(() => {});
    throw error;
  } finally {
    clearTimeout(timer);
    clearInterval(pace);
  }
  if (length > maxBytes) throw tooLarge(maxBytes);
  return collected.bytes;
}

/** What is left of a body that came too slowly is not waited for. */
const HANG_UP = { headers: { connection: 'close' } } as const;

function readReference(body: Uint8Array): SentImage {
  const parsed = reference.safeParse(parseJson(body));
  if (parsed.success) return parsed.data;
  throw new RefusedError('invalid-request', {
    detail: 'The JSON body must be {"blob": "name of a stored image"} or {"url": "address of an image"}.',
  });
}

export function contentType(request: Request): string {
  return (request.headers.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/** What unpacks to more than was sent cannot be bounded while it comes. */
function refuseEncoding(request: Request): void {
  const encoding = request.headers.get('content-encoding') ?? 'identity';
  if (encoding.toLowerCase() !== 'identity') {
    throw new RefusedError('unsupported-media-type', { detail: 'Send the body without Content-Encoding.' });
  }
}

export function bodyTooLarge(maxBytes: number): RefusedError {
  return new RefusedError('body-too-large', { detail: `At most ${maxBytes} bytes are accepted.` });
}

function imageTooLarge(maxBytes: number): RefusedError {
  return new RefusedError('image-too-large', { detail: `At most ${maxBytes} bytes are accepted.` });
}

function interrupted(cause: unknown): never {
  throw new RefusedError('invalid-request', { detail: 'The body ended before it was complete.', cause });
}
