import { RefusedError } from '../errors.ts';
import type { Queue } from '../queue/queue.ts';
import { ANALYSES } from '../store/analysis-blob.ts';
import type { BlobPage, Blobs } from '../store/blobs.ts';
import { ListingJoin } from '../store/listing.ts';
import type { Lister } from '../store/unlistable.ts';
import type { SweepCounts } from './report.ts';
import { type Step, stepsFor, stepsForAnalysis, stepsForOrphan } from './steps.ts';
import { type Place, START } from './sweep-place.ts';
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
  readonly lister: Lister;
  readonly counts: SweepCounts;
  readonly signal: AbortSignal;
  /** Called every now and then, so that the run keeps its lease. */
  keep(): Promise<void>;
}

/** The most a listing gives at once. */
const PAGE_SIZE = 5_000;

/** Storage takes thousands a second; the images that are being described need it, too. */
const STEPS_AT_ONCE = 16;

/** @returns the place after this page */
export async function sweepImages(pages: SweepPages, place: Place): Promise<Place> {
  const { blobs, prefix, since, isPaused, lister, counts, signal } = pages;
  const page = await unlessRefused(place, (marker) =>
    lister.page({ prefix, marker, size: PAGE_SIZE, signal }),
  );
  if (page === null) return START;
  counts.add('skippedRanges', page.skipped);
  const join = new ListingJoin(prefix, place.open);
  const images = page.blobs.flatMap((blob) => join.push(blob));
  if (page.marker === null) images.push(...join.end());
  const deciding = { container: blobs.container, now: page.servedAt, since, isPaused };
  await takeAll(pages, [
    ...images.flatMap((image) => stepsFor(image, deciding)),
    ...join.takeOrphans().flatMap(stepsForOrphan),
  ]);
  counts.add('images', images.length);
  if (page.marker === null) return { ...START, phase: 'claims' };
  return { phase: 'images', marker: page.marker, open: [...join.open] };
}

/** @returns the place after this page; null at the end */
export async function sweepClaims(pages: SweepPages, place: Place): Promise<Place | null> {
  const { state, signal } = pages;
  const page = await unlessRefused(place, (marker) =>
    state.page({ prefix: ANALYSES, marker, size: PAGE_SIZE, signal }),
  );
  if (page === null) return START;
  await takeAll(
    pages,
    page.blobs.flatMap((blob) => stepsForAnalysis(blob, page.servedAt)),
  );
  return page.marker === null ? null : { ...place, marker: page.marker };
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
