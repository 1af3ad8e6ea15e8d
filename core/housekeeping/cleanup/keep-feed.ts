import { feedName, labelledImage } from '../../feed/feed-name.ts';
import { isEntryOf } from '../../feed/mirror.ts';
import type { Blobs, ListedBlob } from '../../store/blobs.ts';
import { nameFault, promptName } from '../../store/names.ts';
import { hash48 } from '../audit/names/known-names.ts';
import type { RunCounts } from '../report.ts';
import { Tolerance } from '../tolerance.ts';
import { type FeedCensus, promptKey } from './feed-census.ts';

/** The flat mirror of the prompts, as far as housekeeping deals with it. */
export interface Feed {
  readonly blobs: Blobs;
  /** Mirrors the prompt of an image. @returns whether an entry was written */
  mirror(image: string, signal: AbortSignal): Promise<boolean>;
}

export interface FeedKeeping {
  readonly feed: Feed;
  /** The container of the images. */
  readonly images: Pick<Blobs, 'container' | 'head'>;
  readonly prefix: string;
  /** Of all images. */
  readonly census: FeedCensus;
  readonly counts: RunCounts;
  readonly signal: AbortSignal;
  /** Called every now and then, so that the run keeps its lease. */
  keep(): Promise<void>;
}

const PAGE_SIZE = 5_000;
const AT_ONCE = 16;

/** A feed that is new is filled by a few runs: the images that are being described need storage, too. */
const MAX_MIRRORED = 500;

/** What a walk through the feed has found, by hashes. */
interface Found {
  /** Prompts that are mirrored, as `promptKey` tells them. */
  readonly mirrored: Set<number>;
  /** Names that are taken by what is not ours. */
  readonly foreign: Set<number>;
}

/**
 * Removes entries of ours whose image or prompt is gone, after another look for both, and mirrors prompts that have none.
 * One that cannot be removed or mirrored holds up no other.
 * @throws FailedError when storage fails again and again
 */
export async function keepFeed(keeping: FeedKeeping): Promise<void> {
  const { feed, images, census, signal } = keeping;
  const found: Found = { mirrored: new Set(), foreign: new Set() };
  let marker: string | null = null;
  do {
    const asked: { marker?: string } = marker === null ? {} : { marker };
    const page = await feed.blobs.page({ ...asked, size: PAGE_SIZE, signal });
    const gone: ListedBlob[] = [];
    for (const entry of page.blobs) {
      if (!isEntryOf(entry, images.container)) found.foreign.add(hash48(entry.name));
      const image = imageOf(entry, keeping);
      if (image === null) continue;
      if (!census.hasPrompt(image)) gone.push(entry);
      else found.mirrored.add(promptKey(image, entry.metadata.promptetag ?? ''));
    }
    await removeAll(gone, keeping);
    marker = page.marker;
  } while (marker !== null && !signal.aborted);
  await mirrorMissing(found, keeping);
}

/** Null for what is not an entry of ours, for an image of this container, under the prefix. */
function imageOf(entry: ListedBlob, { images, prefix }: FeedKeeping): string | null {
  const image = isEntryOf(entry, images.container) ? labelledImage(entry.metadata) : null;
  if (image === null || nameFault(image) !== null || !image.startsWith(prefix)) return null;
  return feedName(image) === entry.name ? image : null;
}

async function removeAll(gone: readonly ListedBlob[], keeping: FeedKeeping): Promise<void> {
  const { feed, images, counts, signal, keep } = keeping;
  const isDescribed = async (image: string) =>
    (await images.head(promptName(image), signal)) !== null && (await images.head(image, signal)) !== null;
  const remove = async (entry: ListedBlob) => {
    const image = imageOf(entry, keeping);
    if (signal.aborted || image === null || (await isDescribed(image))) return;
    const isRemoved = await feed.blobs.remove(entry.name, { etag: entry.etag, signal }).catch((error) => {
      if (signal.aborted) throw error;
      counts.notRemoved(entry.name);
      return false;
    });
    if (isRemoved) counts.add('feedRemoved');
  };
  for (let from = 0; from < gone.length; from += AT_ONCE) {
    await Promise.all(gone.slice(from, from + AT_ONCE).map(remove));
    await keep();
  }
}

async function mirrorMissing({ mirrored, foreign }: Found, keeping: FeedKeeping): Promise<void> {
  const { feed, census, counts, signal, keep } = keeping;
  const tolerance = new Tolerance();
  let left = MAX_MIRRORED;
  for (const image of census.missing(mirrored)) {
    if (foreign.has(hash48(feedName(image)))) continue;
    if (signal.aborted || left === 0) return;
    const mirror = async () => {
      const isWritten = await feed.mirror(image, signal);
      // Those that cannot be mirrored, now or ever, take nobody's place.
      left--;
      if (isWritten) counts.add('feedWritten');
    };
    await tolerance.bear(mirror, () => {
      if (!signal.aborted) counts.notMirrored(image);
    });
    await keep();
  }
}
