import { createHash } from 'node:crypto';
import { FailedError } from '../errors.ts';
import { type PromptDocument, promptDocument } from '../prompt/document.ts';
import { type CaptionSettings, captionLine, xmpPacket } from '../prompt/sidecars.ts';
import type { BlobProperties, Blobs } from '../store/blobs.ts';
import { promptName, sidecarNames } from '../store/names.ts';
import { isOurs, MAX_DOCUMENT_BYTES, oursOf } from '../store/prompts.ts';

/** Sidecars that are written image by image. */
const SIDECARS = ['txt', 'xmp'] as const;
export type Sidecar = (typeof SIDECARS)[number];

export interface SidecarSettings extends CaptionSettings {
  readonly sidecars: readonly Sidecar[];
}

const CONTENT_TYPES = { txt: 'text/plain; charset=utf-8', xmp: 'application/rdf+xml' } as const;

/**
 * Writes the sidecars of a prompt that was just written, never over a blob that is not ours, or is another image's: of
 * `cat.jpg` and `cat.png` only the first has a `cat.txt`.
 * @returns `conflict` where someone else wrote one meanwhile: only another look tells which is the newest
 * @throws FailedError when storage fails; the next attempt then makes good for it
 */
export async function writeSidecars(
  blobs: Blobs,
  image: string,
  document: PromptDocument,
  settings: SidecarSettings,
  { signal, keepSame = false }: { readonly signal: AbortSignal; readonly keepSame?: boolean },
): Promise<'written' | 'conflict'> {
  const names = sidecarNames(image);
  for (const kind of settings.sidecars) {
    const bytes = Buffer.from(CONTENTS[kind](document, settings));
    const ours = oursOf(bytes);
    const before = await blobs.head(names[kind], signal);
    if (before && !isOf(before, image)) continue;
    // Written anew although it says the same, so that nobody removes it as that of the image that was gone.
    if (keepSame && before?.contentMd5 === ours) continue;
    const written = await blobs.write(names[kind], bytes, {
      contentType: CONTENT_TYPES[kind],
      metadata: { ours, image: labelOf(image) },
      condition: before ? { etag: before.etag } : 'new',
      signal,
    });
    if (written === 'conflict') return 'conflict';
  }
  return 'written';
}

const CONTENTS = {
  txt: (document: PromptDocument, settings: CaptionSettings) => `${captionLine(document, settings)}\n`,
  xmp: xmpPacket,
} as const;

/** Makes good for an attempt that ended between the prompt and its sidecars. @returns as `writeSidecars` does */
export async function completeSidecars(
  blobs: Blobs,
  image: string,
  settings: SidecarSettings,
  signal: AbortSignal,
): Promise<'written' | 'conflict'> {
  if (settings.sidecars.length === 0) return 'written';
  const prompt = await blobs.read(promptName(image), { maxBytes: MAX_DOCUMENT_BYTES, signal });
  // Removed meanwhile, or edited: then there is nothing of ours to complete.
  if (prompt === null || prompt.bytes === null || !isOurs(prompt)) return 'written';
  const parsed = promptDocument.safeParse(parseJson(prompt.bytes));
  if (!parsed.success) throw new FailedError('internal', { cause: parsed.error });
  return writeSidecars(blobs, image, parsed.data, settings, { signal, keepSame: true });
}

/**
 * Removes the sidecars of ours whose image or prompt is gone. They are looked at first, and only that version is removed:
 * both may have come back meanwhile.
 */
export async function removeSidecars(
  blobs: Blobs,
  image: string,
  kinds: readonly Sidecar[] = SIDECARS,
): Promise<void> {
  const names = sidecarNames(image);
  const found = await Promise.all(
    kinds.map(async (kind) => ({ name: names[kind], blob: await blobs.head(names[kind]) })),
  );
  const ours = found.flatMap(({ name, blob }) =>
    blob && isOf(blob, image) ? [{ name, etag: blob.etag }] : [],
  );
  if (ours.length === 0) return;
  if ((await blobs.head(promptName(image))) && (await blobs.head(image))) return;
  for (const { name, etag } of ours) await blobs.remove(name, { etag });
}

function isOf(blob: BlobProperties, image: string): boolean {
  return isOurs(blob) && blob.metadata.image === labelOf(image);
}

/** By it a sidecar tells its image: names have letters that metadata cannot hold. */
export function labelOf(image: string): string {
  return createHash('sha256').update(image).digest('hex').slice(0, 32);
}

function parseJson(bytes: Uint8Array): unknown {
  return JSON.parse(Buffer.from(bytes).toString());
}
