import pLimit from 'p-limit';
import { analysisName } from '../store/analysis-blob.ts';
import { listPage } from '../store/image-page.ts';
import type { ListedImage } from '../store/listing.ts';
import { isMadeFrom, isOurs } from '../store/prompts.ts';
import { updateBatch } from './batches.ts';
import type { Batching } from './batching.ts';
import { billingOf } from './billing.ts';
import { addPage, type ListedItems } from './progress.ts';
import type { BatchRecord } from './record.ts';
import { isRefused, judge, outdatedBy } from './wanted.ts';

const LOOKS_AT_ONCE = 16;

/**
 * Looks through the next page of a batch's listing and notes what it found there: in a dry run the counts, else the
 * images to do. Done twice, by whomever, a page counts once.
 * @returns what the batch is now; null where there is no such batch
 * @throws FailedError when storage fails
 */
export async function listItems(
  record: BatchRecord,
  batching: Batching,
  signal: AbortSignal,
): Promise<BatchRecord | null> {
  const page = await lookThrough(record, batching, signal);
  const billing = billingOf(batching.settings);
  return updateBatch(batching, record.id, (now) => addPage(now, page, billing));
}

async function lookThrough(
  { options, marker, pages }: BatchRecord,
  batching: Batching,
  signal: AbortSignal,
): Promise<ListedItems> {
  const prefix = commonPrefix(options.prefix, batching.prefix);
  if (prefix === null) return { ...NOTHING, page: pages };
  const listed = await listPage(batching.blobs, { prefix, marker, signal });
  const isOutdated = outdatedBy(batching.settings, options.targets);
  const judged = Map.groupBy(listed.images, (image) => judge(image, options, isOutdated));
  const wanted = judged.get('wanted') ?? [];
  const counts = {
    listed: listed.images.length,
    unchanged: judged.get('unchanged')?.length ?? 0,
    skipped: judged.get('skipped')?.length ?? 0,
    remaining: wanted.length,
    reused: 0,
  };
  const page = { page: pages, marker: listed.marker };
  if (!options.dryRun) {
    return { ...page, counts, todo: wanted.map(({ image }) => image.name), visionCalls: 0 };
  }
  // What was refused is refused again, which costs nothing: the same content has the same faults.
  const unrefused = wanted.filter((image) => !isRefused(image));
  const { isFree, reused } = await whatIsKnown(unrefused, batching, signal);
  const visionCalls = isFree ? 0 : unrefused.length - reused;
  return { ...page, todo: [], counts: { ...counts, reused }, visionCalls };
}

const NOTHING = {
  marker: null,
  todo: [],
  visionCalls: 0,
  counts: { listed: 0, unchanged: 0, skipped: 0, remaining: 0, reused: 0 },
} as const;

/** Of names that begin with both; null where there are none. */
function commonPrefix(one: string, other: string): string | null {
  if (one.startsWith(other)) return one;
  return other.startsWith(one) ? other : null;
}

/**
 * Of how many images the analysis is there. A content is known by its hash, which a listing has of those alone that have
 * a prompt of what they show now.
 */
async function whatIsKnown(
  wanted: readonly ListedImage[],
  { state, settings }: Batching,
  signal: AbortSignal,
): Promise<{ readonly isFree: boolean; readonly reused: number }> {
  const { vision, analyses, features, language } = settings;
  if (analyses === null) return { isFree: true, reused: 0 };
  const { provider, model } = vision;
  const atOnce = pLimit(LOOKS_AT_ONCE);
  const known = wanted.map(async ({ image, prompt }) => {
    const sha256 = prompt && isOurs(prompt) && isMadeFrom(prompt, image.etag) && prompt.metadata.sha256;
    if (!sha256) return false;
    const name = analysisName({ sha256, provider, model, features, language });
    return (await atOnce(() => state.head(name, signal)))?.metadata.state === 'analysis';
  });
  return { isFree: false, reused: (await Promise.all(known)).filter(Boolean).length };
}
