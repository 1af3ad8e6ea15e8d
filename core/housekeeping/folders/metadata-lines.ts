import * as z from 'zod';
import { promptDocument } from '../../prompt/document.ts';
import { type CaptionSettings, captionLine, oneLine } from '../../prompt/sidecars.ts';
import type { BlobProperties } from '../../store/blobs.ts';
import { isOurs } from '../../store/prompts.ts';

/**
 * `metadata.jsonl`, as Hugging Face's ImageFolder reads it: one line for each image
 * (https://huggingface.co/docs/datasets/image_dataset#imagefolder).
 */

const line = z.object({
  /** Relative to the folder. */
  file_name: z.string(),
  text: z.string(),
  /** Of the prompt that the text is from, so that it is read once. */
  etag: z.string(),
});
export type MetadataLine = z.infer<typeof line>;

const edited = z.object({ prompt: z.string() });

/** The lines by the names of their files; what is none is left out. */
export function parseLines(bytes: Uint8Array | null): Map<string, MetadataLine> {
  const lines = new Map<string, MetadataLine>();
  for (const text of Buffer.from(bytes ?? [])
    .toString()
    .split('\n')) {
    const { data } = line.safeParse(jsonOf(text));
    if (data) lines.set(data.file_name, data);
  }
  return lines;
}

/** In the order of their names. */
export function formatLines(lines: readonly MetadataLine[]): Uint8Array {
  const sorted = lines.toSorted((a, b) => (a.file_name < b.file_name ? -1 : 1));
  return Buffer.from(sorted.map((each) => `${JSON.stringify(each)}\n`).join(''));
}

/**
 * What an image's prompt says of it, on one line: of a prompt that a person edited, or a newer program wrote, its field
 * `prompt`. Null where it says nothing.
 */
export function captionOf(
  prompt: BlobProperties & { readonly bytes: Uint8Array | null },
  settings: CaptionSettings,
): string | null {
  const content = jsonOf(Buffer.from(prompt.bytes ?? []).toString());
  const document = isOurs(prompt) ? promptDocument.safeParse(content).data : undefined;
  const caption = document
    ? captionLine(document, settings)
    : oneLine(edited.safeParse(content).data?.prompt ?? '');
  return caption === '' ? null : caption;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A person may write anything there.
    return null;
  }
}
