import { FailedError } from '../errors.ts';
import type { BlobProperties, Blobs, WriteCondition } from '../store/blobs.ts';
import { promptName } from '../store/names.ts';
import { isOurs, MAX_DOCUMENT_BYTES, oursOf } from '../store/prompts.ts';
import { feedName, imageLabel } from './feed-name.ts';

export interface FeedPlaces {
  /** The container of the images and their prompts. */
  readonly blobs: Blobs;
  readonly feed: Blobs;
}

/** A prompt as it lies beside its image. */
export interface StoredPrompt {
  readonly image: string;
  /** Of the prompt. */
  readonly etag: string;
  readonly bytes: Uint8Array;
  /** Of the image that it was made from; undefined for a person's. */
  readonly sourceEtag: string | undefined;
}

/** Each round is lost to another prompt of the same image, written in the meantime. */
const MAX_ROUNDS = 5;

/**
 * `superseded`: it is not the image's prompt any more, and whoever wrote the next one mirrors that. `foreign`: what has
 * the entry's name is not ours, or is the entry of another container.
 */
export type Mirrored = 'written' | 'superseded' | 'foreign';

/**
 * Writes a prompt to the feed. An entry that is there is replaced only in the version that was looked at before it was
 * found that this still is the image's prompt, so that no older prompt overwrites the entry of a newer one. What is
 * foreign is never replaced.
 * @throws FailedError when storage fails
 */
export async function mirrorPrompt(
  { blobs, feed }: FeedPlaces,
  { image, etag, bytes, sourceEtag }: StoredPrompt,
  signal: AbortSignal,
): Promise<Mirrored> {
  const name = feedName(image);
  const ours = oursOf(bytes);
  const source = sourceEtag === undefined ? {} : { sourceetag: sourceEtag };
  const { container } = blobs;
  const metadata = { container, image: imageLabel(image), promptetag: etag, ours, ...source };
  let condition: WriteCondition = 'new';
  for (let round = 1; round <= MAX_ROUNDS; round++) {
    const options = { contentType: 'application/json', metadata, condition, signal };
    if ((await feed.write(name, bytes, options)) !== 'conflict') return 'written';
    const before = await feed.head(name, signal);
    // The answer to our own write was lost, or someone else was faster with the same prompt.
    if (before && isMirrorOf(before, { container, etag })) return 'written';
    if (before && !isEntryOf(before, container)) return 'foreign';
    const prompt = await blobs.head(promptName(image), signal);
    if (prompt?.etag !== etag) return 'superseded';
    condition = before ? { etag: before.etag } : 'new';
  }
  throw new FailedError('storage-unavailable', { detail: 'The entry of the feed keeps changing.' });
}

/** Writes whichever prompt the image has now. @returns and throws as `mirrorPrompt` does */
export async function mirrorStored(
  places: FeedPlaces,
  image: string,
  signal: AbortSignal,
): Promise<Mirrored> {
  const prompt = await places.blobs.read(promptName(image), { maxBytes: MAX_DOCUMENT_BYTES, signal });
  // A person's file of this size under the name of a prompt is none.
  if (prompt === null || prompt.bytes === null) return 'superseded';
  const { etag, bytes, metadata } = prompt;
  return mirrorPrompt(places, { image, etag, bytes, sourceEtag: metadata.sourceetag }, signal);
}

/** Whether a blob of the feed is an entry of ours for an image of this container: several may share a feed. */
export function isEntryOf(entry: BlobProperties, container: string): boolean {
  return isOurs(entry) && entry.metadata.container === container;
}

/** Whether an entry of the feed says what the prompt says: known from their properties alone. */
export function isMirrorOf(
  entry: BlobProperties,
  prompt: { readonly container: string; readonly etag: string },
): boolean {
  return isEntryOf(entry, prompt.container) && entry.metadata.promptetag === prompt.etag;
}

/**
 * Removes the entry of an image that has no prompt any more, if it is ours. It is looked at first, and only that version
 * is removed: the prompt may have come back meanwhile.
 * @throws FailedError when storage fails
 */
export async function removeMirror(
  { blobs, feed }: FeedPlaces,
  image: string,
  signal: AbortSignal,
): Promise<boolean> {
  const name = feedName(image);
  const entry = await feed.head(name, signal);
  if (entry === null || !isEntryOf(entry, blobs.container)) return false;
  if (await blobs.head(promptName(image), signal)) return false;
  return feed.remove(name, { etag: entry.etag, signal });
}
