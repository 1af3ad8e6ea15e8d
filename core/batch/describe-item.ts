import type { DescribeSettings } from '../describe/describe-bytes.ts';
import { type DescribeImageOptions, describeImage } from '../describe/describe-image.ts';
import type { ImageEvent, Outcome } from '../describe/outcome.ts';
import { type DeferralCode, FailedError } from '../errors.ts';
import { handOver } from '../queue/hand-over.ts';
import { promptName } from '../store/names.ts';
import { isNewer, isOurs } from '../store/prompts.ts';
import { asAsked } from './as-asked.ts';
import type { Batching } from './batching.ts';
import { countAnswers } from './count-answers.ts';
import type { ItemResult } from './progress.ts';
import type { BatchOptions } from './record.ts';

/** What a batch has to wait for, and until when. */
export interface Waiting {
  readonly until: Date;
  readonly code: DeferralCode;
}

/** The image is still to be done. */
export interface Undone {
  readonly name: string;
  /** Calls of the provider that were paid for it all the same. */
  readonly calls: number;
  /** Null where the signal ended it. */
  readonly wait: Waiting | null;
}

export type ItemOutcome = ItemResult | Undone;

const TRIES = 3;

/**
 * No try begins later than this after the first one, so that an image has an end that a host waits for: this, the wait for
 * someone else's claim, and the time that a provider's guard takes for one try.
 */
const LATEST_TRY_MS = 45_000;

/** Full jitter: a wait from nothing up to this, twice as much after the second try. */
const BACKOFF_MS = 2_000;

/** Someone else's claim is waited for: it is renewed until it is done, or ends by then. */
const PATIENCE_MS = 30_000;

/** So long an image whose analysis has come may take to end after the signal aborted. */
const WRITING_MS = 2_000;

/** What lies with this one image: the others need not wait for it. */
const OF_THE_IMAGE: ReadonlySet<DeferralCode> = new Set(['image-claimed', 'image-changing', 'image-copying']);

export function isUndone(outcome: ItemOutcome): outcome is Undone {
  return 'wait' in outcome;
}

/**
 * Describes one image of a batch, as an event of it would: an image that is not wanted any more is left as it is. What
 * failed is tried again at once, unless that took long; the last failure is written down beside the image. One that has to
 * wait for itself alone is queued with all that the batch asks of it. When the signal aborts, it is broken off, unless its
 * analysis has come.
 * @throws FailedError where the queue does not take what it is left with
 */
export async function describeItem(
  name: string,
  options: BatchOptions,
  batching: Batching,
  signal: AbortSignal,
): Promise<ItemOutcome> {
  const { force, stale, targets } = options;
  const event: ImageEvent = {
    container: batching.blobs.container,
    name,
    ...(force ? { force } : {}),
    ...(stale ? { stale } : {}),
    ...(targets ? { targets } : {}),
  };
  const { settings, answers, calls } = countAnswers(batching.settings);
  const outcome = await unlessAborted(
    (stop) => attempts(event, { ...batching, settings }, stop),
    { clock: batching.clock, isAnswered: () => answers() > 0 },
    signal,
  ).catch((error) => (signal.aborted ? null : toFailure(error, name, batching)));
  if (outcome === null) return { name, calls: calls(), wait: null };
  if (outcome.status === 'deferred') {
    const { until, error } = outcome;
    if (!OF_THE_IMAGE.has(error.code)) return { name, calls: calls(), wait: { until, code: error.code } };
    await handOver(event, outcome, batching);
  }
  return { name, calls: calls(), ...countOf(outcome, calls()) };
}

/** @throws the signal's reason when it aborts; whatever kept the last failure from being written down */
async function attempts(
  event: ImageEvent,
  { blobs, settings, clock }: Batching,
  signal: AbortSignal,
): Promise<Outcome> {
  const latest = clock.elapsed() + LATEST_TRY_MS;
  let failure: Outcome | null = null;
  for (let attempt = 1; ; attempt++) {
    let isLast = false;
    const asked: DescribeImageOptions = {
      ...asAsked(event, settings),
      patience: PATIENCE_MS,
      attempt,
      signal,
      // Asked again when an attempt has failed: whether it was the last is known only then.
      get tries() {
        isLast ||= attempt === TRIES || clock.elapsed() >= latest;
        return isLast ? attempt : TRIES;
      },
    };
    const outcome = await describeImage(event, blobs, settings, asked);
    if (outcome.status !== 'failed' || isLast) {
      const hasPrompt = outcome.status === 'done' && outcome.document === null;
      return failure && hasPrompt && (await isStillWanted(event, { blobs, settings }, signal))
        ? failure
        : outcome;
    }
    failure = outcome;
    await clock.sleep(clock.random() * BACKOFF_MS * 2 ** (attempt - 1), signal);
  }
}

/** A prompt that was to be made anew, and could not, stays: that is no success. Someone else may have made it meanwhile. */
async function isStillWanted(
  event: ImageEvent,
  { blobs, settings }: { readonly blobs: Batching['blobs']; readonly settings: DescribeSettings },
  signal: AbortSignal,
): Promise<boolean> {
  const { force, isOutdated } = asAsked(event, settings);
  if (!force && !isOutdated) return false;
  const prompt = await blobs.head(promptName(event.name), signal);
  if (prompt === null || isNewer(prompt)) return false;
  return force || (isOurs(prompt) && isOutdated?.(prompt) === true);
}

/** Runs with a signal of its own, which aborts a little later where there is an answer to be written down. */
async function unlessAborted<T>(
  run: (stop: AbortSignal) => Promise<T>,
  { clock, isAnswered }: Pick<Batching, 'clock'> & { readonly isAnswered: () => boolean },
  signal: AbortSignal,
): Promise<T> {
  const stop = new AbortController();
  const ended = new AbortController();
  const abort = () => {
    if (!isAnswered()) return stop.abort(signal.reason);
    clock.sleep(WRITING_MS, ended.signal).then(
      () => stop.abort(signal.reason),
      () => {},
    );
  };
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await run(stop.signal);
  } finally {
    signal.removeEventListener('abort', abort);
    ended.abort();
  }
}

/** Not even its failure could be written down: that lies with this one image, too. */
function toFailure(cause: unknown, name: string, { log }: Batching): Outcome {
  const error = cause instanceof FailedError ? cause : new FailedError('internal', { cause });
  log?.error({ name, err: error }, 'an image of a batch failed');
  return { status: 'failed', error };
}

function countOf(outcome: Outcome, calls: number): Pick<ItemResult, 'count' | 'isReused'> {
  if (outcome.status !== 'done') return { count: outcome.status, isReused: false };
  if (outcome.document === null) return { count: 'unchanged', isReused: false };
  // It may have been paid for by an attempt that came to nothing.
  return { count: 'described', isReused: outcome.document.analysis.reused && calls === 0 };
}
