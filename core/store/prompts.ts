import { createHash } from 'node:crypto';
import type { BlobProperties, Blobs, WriteCondition } from './blobs.ts';
import type { ListedImage } from './listing.ts';
import { errorName, nameFault, promptName } from './names.ts';

/** The blobs written beside an image, and what their metadata says of them. */

export const SCHEMA_VERSION = 1;

/** Several times larger than any document we write; a person's own may be of any size. */
export const MAX_DOCUMENT_BYTES = 4 * 1024 * 1024;

/** What the metadata of a prompt tells a listing, so that no blob need be opened. */
export interface PromptLabels {
  readonly sourceEtag: string;
  readonly sha256: string;
  readonly provider: string;
  readonly model: string | null;
  readonly origin: string;
  readonly degraded: boolean;
  /** In hex, of everything that decides what the prompt of given bytes says. */
  readonly settingsHash: string;
}

/** What the metadata of an error tells a listing. */
export interface ErrorLabels {
  readonly sourceEtag: string;
  readonly code: string;
  readonly retryable: boolean;
  readonly attempts: number;
  /** ISO 8601; null where it is not tried again by itself. */
  readonly nextTryAt: string | null;
}

/**
 * A blob is ours while its content still has the hash we noted when we wrote it. Whoever uploads over it changes the
 * content or wipes the note, and from then on it is theirs.
 */
export function isOurs(blob: BlobProperties): boolean {
  return blob.metadata.ours !== undefined && blob.metadata.ours === blob.contentMd5;
}

/** What the metadata `ours` of a blob has to say of its content: the same hash as storage keeps of it, MD5 in base64. */
export function oursOf(content: Uint8Array): string {
  return createHash('md5').update(content).digest('base64');
}

/** Whether a newer version of this program wrote the prompt; then it is never overwritten by this one. */
export function isNewer(prompt: BlobProperties): boolean {
  return isOurs(prompt) && Number(prompt.metadata.schema) > SCHEMA_VERSION;
}

/** Whether a prompt or error was made from the version of the image with this ETag. */
export function isMadeFrom(blob: BlobProperties, imageEtag: string): boolean {
  return blob.metadata.sourceetag === imageEtag;
}

/** Whether nothing is left to say of this version of the image: a person's or a newer program's prompt always does. */
export function isAnswer(prompt: BlobProperties, imageEtag: string): boolean {
  return !isOurs(prompt) || isNewer(prompt) || isMadeFrom(prompt, imageEtag);
}

export type ImageStatus = 'done' | 'edited' | 'failed' | 'pending';

/** How an image stands, from a listing alone. One whose name has no room for an output has failed for good. */
export function statusOf({ image, prompt, error }: ListedImage): ImageStatus {
  if (nameFault(image.name) !== null) return 'failed';
  if (prompt && !isOurs(prompt)) return 'edited';
  if (prompt && (isNewer(prompt) || isMadeFrom(prompt, image.etag))) return 'done';
  if (error && isMadeFrom(error, image.etag)) return 'failed';
  return 'pending';
}

/** Enough of a hash to tell settings apart. */
export function settingsLabel(settingsHash: string): string {
  return settingsHash.slice(0, 16);
}

export async function writePrompt(
  blobs: Blobs,
  image: string,
  document: unknown,
  labels: PromptLabels,
  options: { readonly condition: WriteCondition; readonly signal?: AbortSignal | undefined },
): Promise<{ readonly etag: string } | 'conflict'> {
  return write(blobs, promptName(image), 'application/json', document, options, {
    sourceetag: labels.sourceEtag,
    sha256: labels.sha256,
    schema: `${SCHEMA_VERSION}`,
    provider: labels.provider,
    model: labels.model ?? '',
    origin: labels.origin,
    degraded: `${labels.degraded}`,
    settings: settingsLabel(labels.settingsHash),
  });
}

export async function writeError(
  blobs: Blobs,
  image: string,
  problem: unknown,
  labels: ErrorLabels,
  options: { readonly condition: WriteCondition; readonly signal?: AbortSignal | undefined },
): Promise<{ readonly etag: string } | 'conflict'> {
  return write(blobs, errorName(image), 'application/problem+json', problem, options, {
    sourceetag: labels.sourceEtag,
    code: labels.code,
    retryable: `${labels.retryable}`,
    attempts: `${labels.attempts}`,
    nexttryat: labels.nextTryAt ?? '',
  });
}

/** The content of such a blob. */
export function jsonBytes(content: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(content, null, 2)}\n`);
}

async function write(
  blobs: Blobs,
  name: string,
  contentType: string,
  content: unknown,
  options: { readonly condition: WriteCondition; readonly signal?: AbortSignal | undefined },
  labels: Record<string, string>,
) {
  const bytes = jsonBytes(content);
  const metadata = {
    ...Object.fromEntries(Object.entries(labels).flatMap(([key, value]) => headerSafe(key, value))),
    ours: oursOf(bytes),
  };
  const written = await blobs.write(name, bytes, { ...options, contentType, metadata });
  if (written !== 'conflict') return written;
  // The answer to our own write may have been lost, and this be the answer to its repetition.
  const found = await blobs.head(name, options.signal);
  return found && isOurs(found) && found.metadata.ours === metadata.ours ? found : 'conflict';
}

/** Metadata travels in HTTP headers: printable ASCII only, and an empty value is refused by some services. */
function headerSafe(key: string, value: string): [string, string][] {
  const safe = value.replace(/[^\x20-\x7e]/g, '?').trim();
  return safe === '' ? [] : [[key, safe]];
}
