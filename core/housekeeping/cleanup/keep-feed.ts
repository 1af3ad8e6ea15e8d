import { feedName, labelledImage } from '../../feed/feed-name.ts';
import type { Blobs, ListedBlob } from '../../store/blobs.ts';
import { nameFault } from '../../store/names.ts';
import { isOurs } from '../../store/prompts.ts';
import type { RunCounts } from '../report.ts';
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
  readonly images: Pick<Blobs, 'head'>;
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

/**
 * Removes entries of ours whose image is gone, after another look for it, and mirrors prompts that have none.
 * @throws FailedError when storage fails
 */
export async function keepFeed(keeping: FeedKeeping): Promise<void> {
  const { feed, census, prefix, signal } = keeping;
  const mirrored = new Set<number>();
  let marker: string | null = null;
  do {
    const asked: { marker?: string } = marker === null ? {} : { marker };
    const page = await feed.blobs.page({ ...asked, size: PAGE_SIZE, signal });
    const gone: ListedBlob[] = [];
    for (const entry of page.blobs) {
      const image = imageOf(entry, prefix);
      if (image === null) continue;
      if (!census.has(image)) gone.push(entry);
      else mirrored.add(promptKey(image, entry.metadata.promptetag ?? ''));
    }
    await removeAll(gone, keeping);
    marker = page.marker;
  } while (marker !== null && !signal.aborted);
  await mirrorMissing(mirrored, keeping);
}

/** Null for what is not an entry of ours of an image under the prefix. */
function imageOf(entry: ListedBlob, prefix: string): string | null {
  const image = isOurs(entry) ? labelledImage(entry.metadata) : null;
  if (image === null || nameFault(image) !== null || !image.startsWith(prefix)) return null;
  return feedName(image) === entry.name ? image : null;
}

async function removeAll(gone: readonly ListedBlob[], keeping: FeedKeeping): Promise<void> {
  const { feed, images, prefix, counts, signal, keep } = keeping;
  const remove = async (entry: ListedBlob) => {
    const image = imageOf(entry, prefix);
    if (signal.aborted || image === null || (await images.head(image, signal))) return;
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

async function mirrorMissing(mirrored: ReadonlySet<number>, keeping: FeedKeeping): Promise<void> {
  const { feed, census, counts, signal, keep } = keeping;
  let left = MAX_MIRRORED;
  for (const image of census.missing(mirrored)) {
    if (signal.aborted || left-- === 0) return;
    if (await feed.mirror(image, signal)) counts.add('feedWritten');
    await keep();
  }
}
