import { DeferredError, FailedError, RefusedError } from '../errors.ts';
import { problemOf } from '../problem.ts';
import type { BlobProperties, Blobs } from '../store/blobs.ts';
import { errorName, nameFault, promptName } from '../store/names.ts';
import { isMadeFrom, isNewer, isOurs, writeError, writePrompt } from '../store/prompts.ts';
import { type DescribeSettings, describeBytes } from './describe-bytes.ts';
import type { ImageEvent, Outcome } from './outcome.ts';

export interface DescribeImageOptions {
  /** Remake a prompt that is up to date or a person's. */
  readonly force?: boolean | undefined;
  readonly language?: string | undefined;
  /** No further attempt follows: a failure gets its error JSON too. */
  readonly lastTry?: { readonly attempts: number } | undefined;
  readonly signal: AbortSignal;
}

/** How often an image is read anew because it or its prompt changed under our hands. */
const MAX_ROUNDS = 3;

const ALREADY_DONE = { status: 'done', document: null } as const;

/** Gives an image that is stored its prompt, or its error JSON, unless it has it already. */
export async function describeImage(
  event: ImageEvent,
  blobs: Blobs,
  settings: DescribeSettings,
  options: DescribeImageOptions,
): Promise<Outcome> {
  // Without a usable name there is nothing that could be read or written under it.
  const fault = nameFault(event.name);
  if (fault)
    return {
      status: 'refused',
      error: new RefusedError('invalid-name', { detail: `The name is not usable: ${fault}.` }),
    };
  try {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const outcome = await describeOnce(event, blobs, settings, options);
      if (outcome !== 'changed') return outcome;
    }
    throw new FailedError('storage-unavailable', { detail: 'The image or its prompt keeps changing.' });
  } catch (error) {
    options.signal.throwIfAborted();
    // Even at the last try: nothing has failed, so there is nothing to record.
    if (error instanceof DeferredError) return { status: 'deferred', until: error.until, error };
    const failure = error instanceof FailedError ? error : new FailedError('internal', { cause: error });
    return fail(event, blobs, failure, options);
  }
}

/** One attempt; `changed` when the prompt was written by someone else meanwhile. */
async function describeOnce(
  { name, etag: hint }: ImageEvent,
  blobs: Blobs,
  settings: DescribeSettings,
  options: DescribeImageOptions,
): Promise<Outcome | 'changed'> {
  const { force = false, language, signal } = options;
  const prompt = await blobs.head(promptName(name), signal);
  if (prompt && isNewer(prompt)) return ALREADY_DONE;
  if (prompt && !force && (!isOurs(prompt) || (hint !== undefined && isMadeFrom(prompt, hint))))
    return ALREADY_DONE;
  const image = await readImage(name, blobs, settings, signal);
  if (image === null) return { status: 'gone' };
  const { etag } = image;
  if (image instanceof UnreadableImage) return refuse(name, blobs, prompt, etag, image.reason);
  if (prompt && !force && isMadeFrom(prompt, etag)) return ALREADY_DONE;

  const stored = { container: blobs.container, name, url: blobs.url(name), etag };
  const document = await describeBytes(image.bytes, settings, { stored, language, signal }).catch(verdict);
  // A request that is wrong, such as a language nobody knows, says nothing of the image.
  if (document instanceof RefusedError && document.code === 'invalid-request') {
    return { status: 'refused', error: document };
  }
  if (document instanceof RefusedError) return refuse(name, blobs, prompt, etag, document);
  if (document instanceof FailedError) return fail({ name, etag }, blobs, document, options);

  const { sha256 } = document.image;
  const { origin, analysis } = document;
  const labels = { sourceEtag: etag, sha256, origin, ...analysis };
  const condition = prompt ? { etag: prompt.etag } : ('new' as const);
  if ((await writePrompt(blobs, name, document, labels, { condition, signal })) === 'conflict')
    return 'changed';
  await blobs.remove(errorName(name), { signal });
  return { status: 'done', document };
}

/** An image that is there, but whose bytes cannot or need not be had. */
class UnreadableImage {
  readonly etag: string;
  readonly reason: RefusedError;

  constructor(etag: string, reason: RefusedError) {
    this.etag = etag;
    this.reason = reason;
  }
}

async function readImage(
  name: string,
  blobs: Blobs,
  { limits }: DescribeSettings,
  signal: AbortSignal,
): Promise<{ readonly etag: string; readonly bytes: Uint8Array } | UnreadableImage | null> {
  const image = await blobs.read(name, { maxBytes: limits.maxBytes, signal }).catch(refusal);
  if (image instanceof RefusedError) {
    const properties = await blobs.head(name, signal);
    return properties && new UnreadableImage(properties.etag, image);
  }
  if (image === null) return null;
  if (image.size === 0) return new UnreadableImage(image.etag, new RefusedError('empty-image'));
  if (image.bytes === null) {
    const detail = `It has ${image.size} bytes; at most ${limits.maxBytes} are read.`;
    return new UnreadableImage(image.etag, new RefusedError('image-too-large', { detail }));
  }
  return { etag: image.etag, bytes: image.bytes };
}

/** Records why an image has no prompt, and takes away the prompt of what it showed before. */
async function refuse(
  name: string,
  blobs: Blobs,
  prompt: BlobProperties | null,
  etag: string,
  error: RefusedError,
): Promise<Outcome> {
  const labels = { sourceEtag: etag, code: error.code, retryable: false, attempts: 1, nextTryAt: null };
  await writeError(blobs, name, problemOf(error, { instance: name, ...labels }), labels, {
    condition: 'any',
  });
  if (prompt && isOurs(prompt)) await blobs.remove(promptName(name), { etag: prompt.etag });
  return { status: 'refused', error };
}

/**
 * Where no attempt follows, an error JSON says so, and the prompt of what the image showed before goes. Both are about
 * the version that was tried: one that came meanwhile is new, and has all its attempts before it.
 */
async function fail(
  { name, etag }: Pick<ImageEvent, 'name' | 'etag'>,
  blobs: Blobs,
  error: FailedError,
  { lastTry }: DescribeImageOptions,
): Promise<Outcome> {
  const failed = { status: 'failed', error } as const;
  const image = lastTry ? await blobs.head(name) : null;
  if (!lastTry || image === null || image.etag !== (etag ?? image.etag)) return failed;
  const labels = {
    sourceEtag: image.etag,
    code: error.code,
    retryable: true,
    attempts: lastTry.attempts,
    nextTryAt: null,
  };
  await writeError(blobs, name, problemOf(error, { instance: name, ...labels }), labels, {
    condition: 'any',
  });
  const prompt = await blobs.head(promptName(name));
  if (prompt && isOurs(prompt) && !isMadeFrom(prompt, image.etag)) {
    await blobs.remove(promptName(name), { etag: prompt.etag });
  }
  return failed;
}

/** What describing says of an image is an answer, and becomes a value; anything else stays an error. */
function verdict(error: unknown): RefusedError | FailedError {
  if (error instanceof FailedError) return error;
  return refusal(error);
}

/** A refusal becomes a value, since it is an answer; everything else stays an error. */
function refusal(error: unknown): RefusedError {
  if (error instanceof RefusedError) return error;
  throw error;
}
