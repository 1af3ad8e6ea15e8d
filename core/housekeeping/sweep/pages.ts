import { RefusedError } from '../../errors.ts';
import type { Queue } from '../../queue/queue.ts';
import type { BlobPage, Blobs } from '../../store/blobs.ts';
import { ListingJoin } from '../../store/listing.ts';
import { STATE_PREFIXES } from '../../store/state-prefixes.ts';
import type { ListedPage, Lister } from '../../store/unlistable.ts';
import type { StatePhase } from '../place.ts';
import { after, type Place, START } from '../place.ts';
import type { RunCounts } from '../report.ts';
import { stepsForSidecars } from './lonely-sidecars.ts';
import type { ImagesSeen, Observer } from './observer.ts';
import { type Step, stepsFor, stepsForOrphan } from './steps.ts';
import { stepsForState } from './steps-for-state.ts';
import { takeStep } from './take-step.ts';

/** What one page of a listing needs to be swept. */
export interface SweepPages {
  readonly blobs: Blobs;
  readonly state: Blobs;
  readonly events: Queue;
  readonly prefix: string;
  /** Images that are older are left alone, unless they were tried before; null where none is too old. */
  readonly since: Date | null;
  readonly isPaused: boolean;
  /** How long analyses and finished batches are kept. */
  readonly retentionDays: number;
  readonly lister: Pick<Lister, 'page'>;
  readonly observer: Observer;
  readonly counts: RunCounts;
  readonly signal: AbortSignal;
  /** Called every now and then, so that the run keeps its lease. */
  keep(): Promise<void>;
}

/** The most a listing gives at once. */
export const PAGE_SIZE = 5_000;

/** Storage takes thousands a second; the images that are being described need it, too. */
const STEPS_AT_ONCE = 16;

/** @returns the place after this page */
export async function sweepImages(pages: SweepPages, place: Place): Promise<Place> {
  const { blobs, prefix, since, isPaused, lister, counts, signal } = pages;
  const page = await unlessRefused(place, (marker) =>
    lister.page({ prefix, marker, size: PAGE_SIZE, signal }),
  );
  if (page === null) return START;
  const join = new ListingJoin(prefix, place.open);
  const seen = joinPage(join, page, { marker: place.marker, since });
  counts.add('skippedRanges', page.skipped);
  pages.observer.images(seen);
  const deciding = { container: blobs.container, now: page.servedAt, since, isPaused };
  const there = [...seen.images, ...join.open].map(({ image }) => image.name);
  const known = [...there, ...seen.orphans.map(({ image }) => image)];
  await takeAll(pages, [
    ...seen.images.flatMap((image) => stepsFor(image, deciding)),
    ...seen.orphans.flatMap(stepsForOrphan),
    ...stepsForSidecars(seen.blobs, known, prefix),
  ]);
  counts.add('images', seen.images.length);
  if (page.marker === null) return after('images');
  return { phase: 'images', marker: page.marker, open: [...join.open] };
}

/** What one page of images shows, with those that were open before it. */
export function joinPage(
  join: ListingJoin,
  page: ListedPage,
  { marker, since }: { readonly marker: string | null; readonly since: Date | null },
): ImagesSeen {
  const images = page.blobs.flatMap((blob) => join.push(blob));
  if (page.marker === null) images.push(...join.end());
  const { blobs, servedAt, skipped } = page;
  const ends = { isFirst: marker === null, isLast: page.marker === null };
  return { ...ends, blobs, images, orphans: join.takeOrphans(), since, servedAt, skipped };
}

/** @returns the place after this page */
export async function sweepState(pages: SweepPages, place: Place, phase: StatePhase): Promise<Place> {
  const { state, retentionDays, signal } = pages;
  const prefix = STATE_PREFIXES[phase];
  const page = await unlessRefused(place, (marker) =>
    state.page({ prefix, marker, size: PAGE_SIZE, signal }),
  );
  if (page === null) return START;
  const { blobs, servedAt: now } = page;
  if (phase === 'analyses') {
    pages.observer.analyses({ isFirst: place.marker === null, isLast: page.marker === null, blobs });
  }
  await takeAll(
    pages,
    blobs.flatMap((blob) => stepsForState(phase, blob, { now, retentionDays })),
  );
  return page.marker === null ? after(phase) : { ...place, marker: page.marker };
}

/** Null for a marker that storage does not know any more: then the sweep begins anew. */
async function unlessRefused<T extends BlobPage>(
  { marker }: Place,
  list: (marker: string | undefined) => Promise<T>,
): Promise<T | null> {
  try {
    return await list(marker ?? undefined);
  } catch (error) {
    if (marker !== null && error instanceof RefusedError) return null;
    throw error;
  }
}

async function takeAll(pages: SweepPages, steps: readonly Step[]): Promise<void> {
  for (let from = 0; from < steps.length; from += STEPS_AT_ONCE) {
    await Promise.all(steps.slice(from, from + STEPS_AT_ONCE).map((step) => takeStep(step, pages)));
    await pages.keep();
  }
}
