import type { Clock } from '../../clock.ts';
import type { Queue } from '../../queue/queue.ts';
import type { Blobs } from '../../store/blobs.ts';
import { firstStart } from '../../store/first-start.ts';
import { Lister } from '../../store/unlistable.ts';
import { withGrace } from '../grace.ts';
import { LeaseLost, RunLease } from '../lease.ts';
import type { Place } from '../place.ts';
import { RunCounts, type RunReport } from '../report.ts';
import { NOBODY, type Observer } from './observer.ts';
import { type SweepPages, sweepImages, sweepState } from './pages.ts';

export interface SweepOptions {
  readonly blobs: Blobs;
  /** The container of the program's own state. */
  readonly state: Blobs;
  /** Where images to describe are queued. */
  readonly events: Queue;
  /** Only names that begin with this are images. */
  readonly prefix: string;
  /** Whether images that were there before the first start are queued. */
  readonly backfill: boolean;
  /** Nothing is queued then. */
  readonly isPaused: boolean;
  /** How long analyses and finished batches are kept. */
  readonly retentionDays: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** What comes with a sweep, and after it, under the same lease. */
export interface Companion extends Observer {
  /** Called once, when the walk has ended, or has been stopped. @returns false where it ended early itself */
  finish(run: FinishingRun): Promise<boolean>;
}

export interface FinishingRun {
  readonly counts: RunCounts;
  /** Null where every image is offered. */
  readonly since: Date | null;
  /** Remembers what cannot be listed. */
  readonly lister: Lister;
  /** Called every now and then, so that the run keeps its lease. */
  keep(): Promise<void>;
}

const ALONE: Companion = { ...NOBODY, finish: async () => true };

/**
 * With so many events waiting no more are added: what cannot be described before the next sweep, since the day's calls
 * are spent, say, would be queued again by every sweep until then.
 */
const MAX_WAITING = 20_000;

/** So long a run that is stopped tries to give its lease back. Without that the next one waits until it is over. */
const RELEASE_MS = 1_200;

/**
 * Finds what no event told of, what is due again and what is left over, from the listing alone, page by page. One run
 * at a time; whatever ends it, the next one goes on from its place. Run twice it does nothing twice that matters: every
 * removal has its condition, and an event that is not needed ends at once.
 * @throws FailedError when storage fails
 */
export async function sweep(options: SweepOptions, companion: Companion = ALONE): Promise<RunReport> {
  const { signal } = options;
  const counts = new RunCounts();
  if (signal.aborted) return counts.report('stopped');
  return withGrace(signal, RELEASE_MS, (late) => underLease(options, { counts, companion }, late));
}

/** @param late ends what the lease asks of storage */
async function underLease(
  options: SweepOptions,
  { counts, companion }: Running,
  late: AbortSignal,
): Promise<RunReport> {
  const { blobs, state, prefix, clock, signal } = options;
  const lease = await RunLease.take(state, clock, { container: blobs.container, prefix }, late);
  if (lease === null) return counts.report('busy');
  try {
    const { isDone, place } = await run(options, lease, { counts, companion });
    await lease.release(place);
    return counts.report(isDone ? 'done' : 'stopped');
  } catch (error) {
    if (error instanceof LeaseLost) return counts.report('stopped');
    // A place that the next run would not get past either is not kept: what comes before it is to be swept, too.
    const place = signal.aborted || counts.report('stopped').pages > 0 ? lease.place : null;
    await lease.release(place).catch(() => {});
    if (signal.aborted) return counts.report('stopped');
    throw error;
  }
}

interface Running {
  readonly counts: RunCounts;
  readonly companion: Companion;
}

interface Ended {
  readonly isDone: boolean;
  /** That the next run goes on from; null for the beginning. */
  readonly place: Place | null;
}

async function run(options: SweepOptions, lease: RunLease, { counts, companion }: Running): Promise<Ended> {
  const { signal } = options;
  // What follows begins anew each time. Where that does not come to its end twice, the images are looked at first.
  const isLate = lease.place.phase === 'rest';
  const since = options.backfill ? null : await firstStart(options.state);
  const lister = new Lister(options.blobs, options.clock);
  const keep = () => lease.keep();
  const pages: SweepPages = { ...options, since, lister, counts, observer: companion, keep };
  const isWalked = await walk(pages, lease).catch((error) => {
    // What was seen until then is told all the same.
    if (signal.aborted && !(error instanceof LeaseLost)) return false;
    throw error;
  });
  const isFinished = await companion.finish({ counts, since, lister, keep });
  const isDone = isWalked && isFinished;
  return { isDone, place: isDone || (isWalked && isLate) ? null : lease.place };
}

/** @returns false where it ended early */
async function walk(pages: SweepPages, lease: RunLease): Promise<boolean> {
  const { counts, signal } = pages;
  for (;;) {
    const { place } = lease;
    if (signal.aborted) return false;
    if (place.phase === 'rest') return true;
    if (place.phase === 'images' && (await isFull(pages, counts.report('stopped')))) return false;
    const next =
      place.phase === 'images'
        ? await sweepImages(pages, place)
        : await sweepState(pages, place, place.phase);
    counts.add('pages');
    await lease.save(next);
  }
}

/** Asked at first, and again while something is added. */
async function isFull({ events, isPaused, signal }: SweepPages, soFar: RunReport): Promise<boolean> {
  const adds = soFar.pages === 0 || soFar.queued + soFar.retried > 0;
  return !isPaused && adds && (await events.length(signal)) > MAX_WAITING;
}
