import type { BlobPage, Blobs, ListedBlob } from './blobs.ts';
import { isCandidate, isDirectory, ownerOf } from './names.ts';

/** An image and what is written beside it, as a listing shows them. */
export interface ListedImage {
  readonly image: ListedBlob;
  readonly prompt: ListedBlob | null;
  readonly error: ListedBlob | null;
}

const PAGE_SIZE = 5000;

/** A prompt or error without the image it belongs to, as a listing shows it. */
export interface Orphan {
  readonly output: ListedBlob;
  readonly image: string;
}

interface OpenImage {
  image: ListedBlob;
  prompt: ListedBlob | null;
  error: ListedBlob | null;
}

/**
 * Joins images with their prompts and errors while a listing passes by, in memory that does not grow with it.
 *
 * A listing is in the order of the names, so everything of `cat.jpg` begins with `cat.jpg`, but other images may stand
 * between it and its prompt (`cat.jpg-2.jpg`). The open images are therefore a stack of names, each beginning with the
 * one below; a name that does not begin with the top closes it.
 */
export class ListingJoin {
  readonly #prefix: string;
  #open: OpenImage[];
  #orphans: Orphan[] = [];

  /** @param open what was open where another join ended, to go on from there */
  constructor(prefix: string, open: readonly ListedImage[] = []) {
    this.#prefix = prefix;
    this.#open = open.map((image) => ({ ...image }));
  }

  /** The images of which more may come. */
  get open(): readonly ListedImage[] {
    return this.#open.map((image) => ({ ...image }));
  }

  /** Takes the next blob; returns the images it closes. */
  push(blob: ListedBlob): ListedImage[] {
    const closed = this.#close((name) => !blob.name.startsWith(name));
    const owner = ownerOf(blob.name);
    if (owner) {
      const owned = this.#open.find(({ image }) => image.name === owner.image);
      if (owned) owned[owner.kind] = blob;
      // Where the image's name does not begin with the prefix, it was not looked for.
      else if (owner.image.startsWith(this.#prefix)) this.#orphans.push({ output: blob, image: owner.image });
    } else if (isCandidate(blob.name, blob.contentType, this.#prefix) && !isDirectory(blob.metadata)) {
      this.#open.push({ image: blob, prompt: null, error: null });
    }
    return closed;
  }

  /** What is open when the listing ends. */
  end(): ListedImage[] {
    return this.#close(() => true);
  }

  /** What passed by without its image since this was last asked. */
  takeOrphans(): Orphan[] {
    return this.#orphans.splice(0);
  }

  #close(done: (name: string) => boolean): ListedImage[] {
    const first = this.#open.findIndex(({ image }) => done(image.name));
    return first < 0 ? [] : this.#open.splice(first);
  }
}

/**
 * Every image under a prefix with its prompt and error, page by page.
 * @param blobs the container, or a lister of it, which finds its way round names that cannot be listed
 */
export async function* listImages(
  blobs: Pick<Blobs, 'page'>,
  options: { readonly prefix: string; readonly signal?: AbortSignal },
): AsyncGenerator<ListedImage> {
  const join = new ListingJoin(options.prefix);
  let marker: string | null | undefined;
  do {
    const page: BlobPage = await blobs.page({
      prefix: options.prefix,
      marker: marker ?? undefined,
      size: PAGE_SIZE,
      signal: options.signal,
    });
    for (const blob of page.blobs) yield* join.push(blob);
    marker = page.marker;
  } while (marker !== null);
  yield* join.end();
}
