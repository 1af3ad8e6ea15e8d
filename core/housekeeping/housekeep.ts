import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Queue } from '../queue/queue.ts';
import type { Blobs } from '../store/blobs.ts';
import type { SweepReport } from './report.ts';
import { sweep } from './sweep.ts';

/** What is kept, as the program has it. */
export interface Household {
  readonly blobs: Blobs;
  readonly state: Blobs;
  readonly events: Queue;
  readonly settings: { readonly isPaused: boolean; readonly clock: Clock };
}

export interface HouseholdConfig {
  readonly IMAGES_PREFIX: string;
  readonly backfill: boolean;
}

/** One run of housekeeping, told in the log. @throws FailedError when storage fails */
export async function housekeep(
  { blobs, state, events, settings: { isPaused, clock } }: Household,
  { IMAGES_PREFIX: prefix, backfill }: HouseholdConfig,
  { log, signal }: { readonly log: Log; readonly signal: AbortSignal },
): Promise<SweepReport> {
  const options = { blobs, state, events, prefix, backfill, isPaused, clock, signal };
  const { unusable, kept, ...report } = await sweep(options);
  if (report.unusableNames > 0) {
    log.warn({ count: report.unusableNames, some: unusable }, 'images whose names cannot be used');
  }
  if (report.notRemoved > 0) {
    log.warn({ count: report.notRemoved, some: kept }, 'blobs that cannot be removed');
  }
  if (report.skippedRanges > 0) {
    log.warn(
      { count: report.skippedRanges },
      'storage does not list all names: rename blobs with control characters',
    );
  }
  log.info(report, SAID[report.status]);
  return { ...report, unusable, kept };
}

const SAID = {
  done: 'housekeeping is done',
  stopped: 'housekeeping stopped, and goes on from there the next time',
  busy: 'housekeeping is being done already',
} as const;
