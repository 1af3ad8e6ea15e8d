import type { Clock } from '../clock.ts';
import type { Queue } from '../queue/queue.ts';
import type { Blobs } from '../store/blobs.ts';
import { firstStart } from '../store/first-start.ts';
import { Lister } from '../store/unlistable.ts';
import { SweepCounts, type SweepReport } from './report.ts';
import { LeaseLost, SweepLease } from './sweep-lease.ts';
import { type SweepPages, sweepClaims, sweepImages } from './sweep-pages.ts';
import type { Place } from './sweep-place.ts';

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
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * With so many events waiting no more are added: what cannot be described before the next sweep, since the day's calls
 * are spent, say, would be queued again by every sweep until then.
 */
const MAX_WAITING = 20_000;

/**
 * Finds what no event told of, what is due again and what is left over, from the listing alone, page by page. One run
 * at a time; whatever ends it, the next one goes on from its place. Run twice it does nothing twice that matters: every
 * removal has its condition, and an event that is not needed ends at once.
 * @throws FailedError when storage fails
 */
export async function sweep(options: SweepOptions): Promise<SweepReport> {
  const { blobs, state, prefix, clock, signal } = options;
  const counts = new SweepCounts();
  if (signal.aborted) return counts.report('stopped');
  const lease = await SweepLease.take(state, clock, { container: blobs.container, prefix });
  if (lease === null) return counts.report('busy');
  try {
    const isDone = await walk(options, lease, counts);
    await lease.release(isDone ? null : lease.place);
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

/** @returns false where it ended early */
async function walk(options: SweepOptions, lease: SweepLease, counts: SweepCounts): Promise<boolean> {
  const since = options.backfill ? null : await firstStart(options.state);
  const lister = new Lister(options.blobs, options.clock);
  const pages: SweepPages = { ...options, since, lister, counts, keep: () => lease.keep() };
  for (let place: Place | null = lease.place; place; ) {
    if (options.signal.aborted) return false;
    if (place.phase === 'images' && (await isFull(options, counts.report('stopped')))) return false;
    place = await (place.phase === 'images' ? sweepImages(pages, place) : sweepClaims(pages, place));
    counts.add('pages');
    if (place) await lease.save(place);
  }
  return true;
}

/** Asked at first, and again while something is added. */
async function isFull({ events, isPaused }: SweepOptions, soFar: SweepReport): Promise<boolean> {
  const adds = soFar.pages === 0 || soFar.queued + soFar.retried > 0;
  return !isPaused && adds && (await events.length()) > MAX_WAITING;
}
