import * as z from 'zod';
import { RefusedError } from '../../errors.ts';
import type { Blobs } from '../../store/blobs.ts';
import { pageOfImages } from '../../store/image-page.ts';
import type { ListedImage } from '../../store/listing.ts';
import { statusOf } from '../../store/prompts.ts';
import { readPrompt, type StoredPrompt } from '../prompts/stored-prompt.ts';

/** Images of which a page of the listing tells at once, and prompts that are read and held at once. */
const PAGE = 1000;
const PARALLEL = 8;

/** What is taken from a prompt, a person's own included. */
const exported = z.object({
  prompt: z.string(),
  negativePrompt: z.string().nullish(),
  altText: z.string().nullish(),
});

export interface ExportOptions {
  readonly prefix: string;
  /** Only names that begin with this are images. */
  readonly root: string;
  readonly signal: AbortSignal;
}

/**
 * The prompts under a prefix as lines of JSON, some at a time, in the order of the names. A prompt that was made from
 * what an image showed before is left out, as is whatever a person wrote that has no `prompt`.
 */
export async function* promptLines(
  blobs: Blobs,
  { prefix, root, signal }: ExportOptions,
): AsyncGenerator<string, void> {
  const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
  let cursor: string | undefined;
  do {
    const page = await pageOfImages(blobs, {
      prefix: prefix.startsWith(root) ? prefix : root,
      limit: PAGE,
      cursor,
      signal,
      wanted: (listed) => listed.image.name.startsWith(prefix) && hasPrompt(listed),
    });
    for (let start = 0; start < page.images.length; start += PARALLEL) {
      const names = page.images.slice(start, start + PARALLEL).map(({ image }) => image.name);
      const lines = await Promise.all(names.map((name) => line(blobs, name, folder, signal)));
      const text = lines.join('');
      if (text !== '') yield text;
    }
    cursor = page.cursor ?? undefined;
  } while (cursor !== undefined);
}

function hasPrompt(listed: ListedImage): boolean {
  const status = statusOf(listed);
  return listed.prompt !== null && (status === 'done' || status === 'edited');
}

async function line(blobs: Blobs, name: string, folder: string, signal: AbortSignal): Promise<string> {
  const stored = await readPrompt(blobs, name, signal).catch(tooLarge);
  const document = stored && readExported(stored);
  if (!document) return '';
  const { prompt, negativePrompt = null, altText = null } = document;
  const entry = {
    file_name: name.slice(folder.length),
    text: prompt,
    name,
    prompt,
    negativePrompt,
    altText,
    etag: stored.blob.etag,
  };
  return `${escapeBreaks(JSON.stringify(entry))}\n`;
}

function readExported({ bytes, document }: StoredPrompt): z.infer<typeof exported> | null {
  if (document) return document;
  try {
    return exported.safeParse(JSON.parse(new TextDecoder().decode(bytes))).data ?? null;
  } catch {
    // Not JSON: a person's words, which have no fields.
    return null;
  }
}

/** JSON leaves them as they are, and some readers of lines take them for the end of one. */
function escapeBreaks(json: string): string {
  return json.replace(/[\u0085\u2028\u2029]/g, (found) => {
    return `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** A person's own may be of any size; one that is never answered is not exported either. */
function tooLarge(error: unknown): null {
  if (error instanceof RefusedError) return null;
  throw error;
}
