import { describeImage } from '../describe/describe-image.ts';
import type { ImageEvent, Outcome } from '../describe/outcome.ts';
import type { DeferralCode } from '../errors.ts';
import { handOver } from '../queue/hand-over.ts';
import type { Batching } from './batching.ts';
import type { ItemResult } from './progress.ts';
import type { BatchOptions } from './record.ts';
import { outdatedBy } from './wanted.ts';

/** The batch has to wait, and the image is still to be done. */
export interface Waiting {
  readonly name: string;
  readonly until: Date;
  /** What it waits for. */
  readonly code: DeferralCode;
}

export type ItemOutcome = ItemResult | Waiting;

const TRIES = 3;

/** Full jitter: a wait from nothing up to this, twice as much after the second try. */
const BACKOFF_MS = 2_000;

/** Someone else's claim is waited for: it is renewed until it is done, or ends by then. */
const PATIENCE_MS = 30_000;

/** What lies with this one image: the others need not wait for it. */
const OF_THE_IMAGE: ReadonlySet<DeferralCode> = new Set(['image-claimed', 'image-changing', 'image-copying']);

export function isWaiting(outcome: ItemOutcome): outcome is Waiting {
  return 'until' in outcome;
}

/**
 * Describes one image of a batch, as an event of it would: an image that is not wanted any more is left as it is. What
 * failed is tried again at once; the last failure is written down beside the image.
 * @throws the signal's reason when it aborts; FailedError where the queue does not take what it is left with
 */
export async function describeItem(
  name: string,
  options: BatchOptions,
  batching: Batching,
  signal: AbortSignal,
): Promise<ItemOutcome> {
  const { blobs, settings, clock } = batching;
  const { force, stale, targets } = options;
  const event: ImageEvent = { container: blobs.container, name, ...(force ? { force } : {}) };
  const asked = {
    ...{ force, targets: targets ?? undefined, patience: PATIENCE_MS, tries: TRIES, signal },
    ...(stale ? { isOutdated: outdatedBy(settings, targets) } : {}),
  };
  for (let attempt = 1; ; attempt++) {
    const outcome = await describeImage(event, blobs, settings, { ...asked, attempt });
    if (outcome.status === 'deferred') {
      const { until, error } = outcome;
      if (!OF_THE_IMAGE.has(error.code)) return { name, until, code: error.code };
      await handOver(event, outcome, batching);
    }
    if (outcome.status !== 'failed' || attempt === TRIES) {
      // A prompt that was to be made anew, and could not, stays: that is no success.
      const hasFailed = attempt > 1 && (force || stale) && outcome.status === 'done' && !outcome.document;
      return hasFailed ? { ...NO_CALL, name, count: 'failed' } : resultOf(name, outcome, batching);
    }
    await clock.sleep(clock.random() * BACKOFF_MS * 2 ** (attempt - 1), signal);
  }
}

const NO_CALL = { isReused: false, isPaid: false } as const;

function resultOf(name: string, outcome: Outcome, { settings }: Batching): ItemResult {
  if (outcome.status !== 'done') return { ...NO_CALL, name, count: outcome.status };
  if (outcome.document === null) return { ...NO_CALL, name, count: 'unchanged' };
  const { reused } = outcome.document.analysis;
  // What costs nothing is not kept, either.
  return { name, count: 'described', isReused: reused, isPaid: settings.analyses !== null && !reused };
}
