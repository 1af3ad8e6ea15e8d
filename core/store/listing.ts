import type { BlobPage, Blobs, ListedBlob } from './blobs.ts';
import { isCandidate, ownerOf } from './names.ts';

/** An image and what is written beside it, as a listing shows them. */
export interface ListedImage {
  readonly image: ListedBlob;
  readonly prompt: ListedBlob | null;
  readonly error: ListedBlob | null;
}

const PAGE_SIZE = 5000;

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
  #open: OpenImage[] = [];

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** Takes the next blob; returns the images it closes. */
  push(blob: ListedBlob): ListedImage[] {
    const closed = this.#close((name) => !blob.name.startsWith(name));
    const owner = ownerOf(blob.name);
    if (owner) {
      const owned = this.#open.find(({ image }) => image.name === owner.image);
      if (owned) owned[owner.kind] = blob;
    } else if (isCandidate(blob.name, blob.contentType, this.#prefix) && !isDirectory(blob)) {
      this.#open.push({ image: blob, prompt: null, error: null });
    }
    return closed;
  }

  /** What is open when the listing ends. */
  end(): ListedImage[] {
    return this.#close(() => true);
  }

  #close(done: (name: string) => boolean): ListedImage[] {
    const first = this.#open.findIndex(({ image }) => done(image.name));
    return first < 0 ? [] : this.#open.splice(first);
  }
}

/** Accounts with a hierarchical namespace list folders as empty blobs. */
function isDirectory(blob: ListedBlob): boolean {
  return blob.metadata.hdi_isfolder === 'true';
}

/** Every image under a prefix with its prompt and error, page by page. */
export async function* listImages(
  blobs: Blobs,
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
