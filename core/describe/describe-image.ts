import { dateIn } from '../clock.ts';
import { DeferredError, FailedError, RefusedError } from '../errors.ts';
import type { Target } from '../prompt/document.ts';
import type { BlobProperties, Blobs } from '../store/blobs.ts';
import { errorName, nameFault, promptName } from '../store/names.ts';
import { isAnswer, isMadeFrom, isNewer, isOurs, writePrompt } from '../store/prompts.ts';
import { inSpan } from '../telemetry/spans.ts';
import { SPANS } from '../telemetry.ts';
import { type DescribeSettings, describeBytes } from './describe-bytes.ts';
import { type ImageEvent, MAX_TRIES, type Outcome } from './outcome.ts';
import { readImage, UnreadableImage } from './read-image.ts';
import { type Problem, recordProblem, removeOutputs } from './record-problem.ts';
import { completeSidecars, removeSidecars, writeSidecars } from './sidecars.ts';

export interface DescribeImageOptions {
  /** Remake a prompt that is up to date or a person's. */
  readonly force?: boolean | undefined;
  /** Whether a prompt of ours is remade although it is up to date; none is where it is left out. */
  readonly isOutdated?: ((prompt: BlobProperties) => boolean) | undefined;
  readonly targets?: readonly Target[] | undefined;
  readonly language?: string | undefined;
  /** So many milliseconds are waited for someone who describes the same content; then it is deferred. */
  readonly patience?: number | undefined;
  /**
   * Which attempt this is of its event, from 1 on. At MAX_TRIES a failure gets its error JSON. Left out by who does not
   * try again by himself: then a failure is only told, and it is up to a queue.
   */
  readonly attempt?: number | undefined;
  /** So many attempts there are in all, where it is not MAX_TRIES. */
  readonly tries?: number | undefined;
  readonly signal: AbortSignal;
}

/** How often an image is read anew because it or its prompt changed under our hands. */
const MAX_ROUNDS = 3;

/** So long what comes while describing is paused is put off. */
export const PAUSED_MS = 5 * 60_000;
const COPYING_MS = 60_000;
const CHANGING_MS = 30_000;

const ALREADY_DONE = { status: 'done', document: null } as const;

/**
 * Gives an image that is stored its prompt, or its error JSON, unless it has it already. It is the state machine of
 * docs/effectively-once.md, whose steps are numbered here.
 * @throws the signal's reason when it aborts, with its claim given back; FailedError where not even the failure of the
 *   last attempt could be written down
 */
export function describeImage(
  event: ImageEvent,
  blobs: Blobs,
  settings: DescribeSettings,
  options: DescribeImageOptions,
): Promise<Outcome> {
  const run = () => describeRounds(event, blobs, settings, options);
  return settings.telemetry.attempt(options.signal, run, (outcome) => outcome);
}

async function describeRounds(
  event: ImageEvent,
  blobs: Blobs,
  settings: DescribeSettings,
  options: DescribeImageOptions,
): Promise<Outcome> {
  const { name } = event;
  // Without a usable name there is nothing that could be read or written under it.
  const fault = nameFault(name);
  if (fault)
    return refused(new RefusedError('invalid-name', { detail: `The name is not usable: ${fault}.` }));
  if (settings.isPaused) return deferred(new DeferredError('paused', dateIn(settings.clock, PAUSED_MS)));
  // An event that is redelivered, or was queued anew, may be that of an attempt which ended before step 7: it is not
  // enough to look at the prompt.
  const isFirst = event.tries === undefined && (options.attempt ?? 1) === 1;
  const hint = isFirst ? event.etag : undefined;
  for (let round = 1; round <= MAX_ROUNDS; round++) {
    // What the first round wrote is made from the event's version, and may be why there is another round.
    const hints = round === 1 ? { hint, errorEtag: event.errorEtag } : {};
    const work: Work = { name, ...hints, blobs, settings, options, tried: null };
    const { attempt = 1, tries = MAX_TRIES } = options;
    const attempted = attempt > tries ? Promise.reject(neverEnded()) : describeOnce(work);
    const outcome = await attempted.catch((error) => unsettled(work, error));
    if (outcome !== 'changed') return outcome;
  }
  return deferred(new DeferredError('image-changing', dateIn(settings.clock, CHANGING_MS)));
}

interface Work {
  readonly name: string;
  /** The ETag that the image had when the event was sent. */
  readonly hint?: string | undefined;
  /** That the error JSON had when another attempt was queued. */
  readonly errorEtag?: string | undefined;
  readonly blobs: Blobs;
  readonly settings: DescribeSettings;
  readonly options: DescribeImageOptions;
  /** What this round is about, once it is known. */
  tried: Tried | null;
}

interface Tried {
  /** Of the image. */
  readonly etag: string;
  readonly prompt: BlobProperties | null;
}

/** One round; `changed` when the image or what is beside it was written by someone else meanwhile. */
async function describeOnce(work: Work): Promise<Outcome | 'changed'> {
  const { name, hint, errorEtag, blobs, settings, options } = work;
  const { force = false, targets, language, patience, signal } = options;
  const isRemade = (one: BlobProperties) => force || options.isOutdated?.(one) === true;
  work.tried = null;

  // 1 What is there already? The same attempt may have been queued twice, and made once.
  if (errorEtag && (await blobs.head(errorName(name), signal))?.etag !== errorEtag) return ALREADY_DONE;
  const prompt = await blobs.head(promptName(name), signal);
  if (prompt && isNewer(prompt)) return ALREADY_DONE;
  if (prompt && !force && !isOurs(prompt)) return ALREADY_DONE;
  if (prompt && !isRemade(prompt) && hint !== undefined && isMadeFrom(prompt, hint)) return ALREADY_DONE;

  // 2 Read the image, and its ETag with it.
  const { clock, limits, telemetry } = settings;
  const image = await inSpan(SPANS.read, () => readImage(name, blobs, limits, signal));
  const readAt = clock.elapsed();
  if (image === null) {
    const left = await removeOutputs(name, blobs, prompt, signal);
    if (left !== 'changed') await removeSidecars(blobs, name, settings.sidecars);
    return left;
  }
  const { etag } = image;
  work.tried = { etag, prompt };
  if (image instanceof UnreadableImage) return settleRefused(work, work.tried, image.reason);
  if (image.isCopying) throw new DeferredError('image-copying', dateIn(settings.clock, COPYING_MS));
  if (prompt && !isRemade(prompt) && isMadeFrom(prompt, etag)) {
    if ((await completeSidecars(blobs, name, settings, signal)) === 'conflict') return 'changed';
    return confirm(work, etag, prompt.etag, ALREADY_DONE);
  }

  // 3 Look at it; 4 claim its content; 5 ask the provider.
  const stored = { container: blobs.container, name, url: blobs.url(name), etag };
  const request = { stored, targets, language, patience, signal };
  const document = await describeBytes(image.bytes, settings, request).catch(refusal);
  if (document instanceof RefusedError) return settleRefused(work, work.tried, document);

  // 6 Write the prompt, if the one of step 1 is still there. What the image had before is told by no error any more.
  const { origin, analysis } = document;
  const labels = { sourceEtag: etag, sha256: document.image.sha256, origin, ...analysis };
  const condition = prompt ? { etag: prompt.etag } : 'new';
  const written = await inSpan(SPANS.write, () =>
    writePrompt(blobs, name, document, labels, { condition, signal }),
  );
  if (written === 'conflict') return 'changed';
  // Told at once: whatever comes between now and the end, no later attempt would tell of this prompt.
  settings.tellNews?.({ kind: 'prompt', name, etag: written.etag, document });
  // Nobody waited for a prompt that was asked for again.
  if (!force) telemetry.prompted((image.age + clock.elapsed() - readAt) / 1_000);
  await blobs.remove(errorName(name), { signal });
  if ((await writeSidecars(blobs, name, document, settings, { signal })) === 'conflict') return 'changed';

  // 7 Is it still the image?
  return confirm(work, etag, written.etag, { status: 'done', document });
}

/** A prompt of what the image showed before is made anew, and one whose image is gone does not stay behind. */
async function confirm(
  { name, blobs, settings, options: { signal } }: Work,
  etag: string,
  promptEtag: string,
  done: Outcome,
): Promise<Outcome | 'changed'> {
  const image = await blobs.head(name, signal);
  if (image) return image.etag === etag ? done : 'changed';
  await blobs.remove(promptName(name), { etag: promptEtag, signal });
  await removeSidecars(blobs, name, settings.sidecars);
  return { status: 'gone' };
}

/** What is wrong with the request, such as a language nobody knows, says nothing of the image. */
async function settleRefused(work: Work, tried: Tried, error: RefusedError): Promise<Outcome | 'changed'> {
  if (error.code === 'invalid-request') return refused(error);
  const { attempt = 1 } = work.options;
  return (await record(work, { ...tried, error, attempt })) ?? refused(error);
}

/** Where the error stands, what is beside the image is not of what it shows. */
async function record({ name, blobs, settings }: Work, problem: Omit<Problem, 'now' | 'tellNews'>) {
  const { clock, tellNews } = settings;
  const recorded = await inSpan(SPANS.write, () =>
    recordProblem(blobs, name, { ...problem, now: clock.now(), tellNews }),
  );
  if (recorded === null) await removeSidecars(blobs, name, settings.sidecars);
  return recorded;
}

/** What became of a round that ended with an error. */
async function unsettled(work: Work, error: unknown): Promise<Outcome | 'changed'> {
  const { name, blobs, options } = work;
  const { attempt, tries = MAX_TRIES, signal } = options;
  signal.throwIfAborted();
  // Even at the last attempt: nothing has failed, so there is nothing to record.
  if (error instanceof DeferredError) return deferred(error);
  const failure = error instanceof FailedError ? error : new FailedError('internal', { cause: error });
  if (attempt === undefined || attempt < tries) return { status: 'failed', error: failure };
  const tried = work.tried ?? (await look(name, blobs));
  // What is beside it may be why this failed: then it fails here again, and is not taken for done.
  if (tried === null) return removeOutputs(name, blobs, await blobs.head(promptName(name)), signal);
  if (tried.prompt && isAnswer(tried.prompt, tried.etag)) return ALREADY_DONE;
  const recorded = await record(work, { ...tried, error: failure, attempt });
  return recorded ?? { status: 'failed', error: failure };
}

/** Every attempt ended the process, or could not write down its failure: no further one is made. */
function neverEnded(): FailedError {
  return new FailedError('internal', { detail: 'No attempt came to an end.' });
}

async function look(name: string, blobs: Blobs): Promise<Tried | null> {
  const prompt = await blobs.head(promptName(name));
  const image = await blobs.head(name);
  return image && { etag: image.etag, prompt };
}

function refused(error: RefusedError): Outcome {
  return { status: 'refused', error };
}

function deferred(error: DeferredError): Outcome {
  return { status: 'deferred', until: error.until, error };
}

/** A refusal is an answer, and becomes a value; everything else stays an error. */
function refusal(error: unknown): RefusedError {
  if (error instanceof RefusedError) return error;
  throw error;
}
