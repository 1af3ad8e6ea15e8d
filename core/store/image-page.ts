import * as z from 'zod';
import { SYSTEM_CLOCK } from '../clock.ts';
import { RefusedError } from '../errors.ts';
import type { Blobs } from './blobs.ts';
import { type ListedImage, ListingJoin } from './listing.ts';
import { errorName, isListable, promptName } from './names.ts';
import { Lister } from './unlistable.ts';

/** How far a client has read: the page of the listing, and the last image it got from there. */
const text = z.string().refine(isListable);
const position = z.object({ marker: text, after: text });

const PAGE_SIZE = 1000;

/** Kept from page to page, for what it remembers of names that cannot be listed. */
const listers = new WeakMap<Blobs, Lister>();

export interface ImagePage {
  readonly images: readonly ListedImage[];
  /** For the next page; null at the end. */
  readonly cursor: string | null;
}

/**
 * Images with their prompts, in the order of their names. One page of the listing is read at most, so fewer than
 * `limit` images, even none, may come with a cursor.
 * @throws RefusedError `invalid-request` for a cursor that is not ours
 */
export async function pageOfImages(
  blobs: Blobs,
  options: {
    readonly prefix: string;
    readonly limit: number;
    readonly cursor?: string | undefined;
    readonly wanted: (image: ListedImage) => boolean;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<ImagePage> {
  const { prefix, limit, signal } = options;
  const { marker, after } = options.cursor === undefined ? { marker: '', after: '' } : decode(options.cursor);
  const page = await listPage(blobs, { prefix, marker: marker || null, signal });
  const images = [...page.images]
    .sort((a, b) => (a.image.name < b.image.name ? -1 : 1))
    .filter((image) => image.image.name > after && options.wanted(image));
  const last = images[limit - 1];
  if (images.length > limit && last) {
    return { images: images.slice(0, limit), cursor: encode({ marker, after: last.image.name }) };
  }
  return { images, cursor: page.marker === null ? null : encode({ marker: page.marker, after: '' }) };
}

/** All images of one page of the listing with their prompts and errors. */
export async function listPage(
  blobs: Blobs,
  {
    prefix,
    marker,
    signal,
  }: {
    readonly prefix: string;
    /** Null for the first page. */
    readonly marker: string | null;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<{ readonly images: readonly ListedImage[]; readonly marker: string | null }> {
  const page = await listerOf(blobs).page({ prefix, marker: marker ?? undefined, size: PAGE_SIZE, signal });
  const join = new ListingJoin(prefix);
  const closed = page.blobs.flatMap((blob) => join.push(blob));
  // What is open at the end of a page may have its prompt on the next one: those few are asked for by name.
  const open =
    page.marker === null ? join.end() : await Promise.all(join.end().map((image) => lookUp(blobs, image)));
  return { images: [...closed, ...open], marker: page.marker };
}

function listerOf(blobs: Blobs): Lister {
  const lister = listers.get(blobs) ?? new Lister(blobs, SYSTEM_CLOCK);
  listers.set(blobs, lister);
  return lister;
}

async function lookUp(blobs: Blobs, { image }: ListedImage): Promise<ListedImage> {
  const [promptBlob, errorBlob] = [promptName(image.name), errorName(image.name)];
  const [prompt, error] = await Promise.all([blobs.head(promptBlob), blobs.head(errorBlob)]);
  return {
    image,
    prompt: prompt && { name: promptBlob, ...prompt },
    error: error && { name: errorBlob, ...error },
  };
}

function encode(value: z.infer<typeof position>): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function decode(cursor: string): z.infer<typeof position> {
  try {
    return position.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch (cause) {
    throw new RefusedError('invalid-request', { detail: 'The cursor is not one of ours.', cause });
  }
}
