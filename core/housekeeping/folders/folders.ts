import type { BlobPage, Blobs, ListedBlob } from '../../store/blobs.ts';
import { type ListedImage, ListingJoin } from '../../store/listing.ts';
import { folderOf, metadataName } from '../../store/names.ts';
import { statusOf } from '../../store/prompts.ts';

/** A folder, as a listing shows it: the images in it that have their prompts, but not those in folders inside it. */
export interface Folder {
  /** Ends with a slash; empty for the container itself. */
  readonly path: string;
  readonly prompts: readonly FolderPrompt[];
  /** The `metadata.jsonl` that is there. */
  readonly metadata: ListedBlob | null;
}

export interface FolderPrompt {
  /** Of the image, relative to the folder. */
  readonly file: string;
  /** Of the prompt's blob. */
  readonly name: string;
  readonly etag: string;
}

interface OpenFolder {
  readonly path: string;
  readonly prompts: FolderPrompt[];
  metadata: ListedBlob | null;
}

const PAGE_SIZE = 5_000;

/**
 * Every folder under a prefix that has prompts or a `metadata.jsonl`, page by page, each when the listing has left it. One
 * that the prefix cuts in two is left out.
 * @param blobs the container, or a lister of it, which finds its way round names that cannot be listed
 */
export async function* listFolders(
  blobs: Pick<Blobs, 'page'>,
  { prefix, signal }: { readonly prefix: string; readonly signal: AbortSignal },
): AsyncGenerator<Folder> {
  const join = new FolderJoin(prefix);
  let marker: string | null | undefined;
  do {
    const page: BlobPage = await blobs.page({ prefix, marker: marker ?? undefined, size: PAGE_SIZE, signal });
    for (const blob of page.blobs) yield* join.push(blob);
    marker = page.marker;
  } while (marker !== null);
  yield* join.end();
}

/**
 * Gathers what is in a folder while a listing passes by. What is in a folder inside it may stand between its own blobs
 * (`a/b/1.jpg` between `a/a.jpg` and `a/c.jpg`), so that it is open as long as names begin with it: at any time those are
 * the folders of one path.
 */
class FolderJoin {
  readonly #prefix: string;
  readonly #images: ListingJoin;
  readonly #open = new Map<string, OpenFolder>();

  constructor(prefix: string) {
    this.#prefix = prefix;
    this.#images = new ListingJoin(prefix);
  }

  /** Takes the next blob; returns the folders it closes. */
  push(blob: ListedBlob): Folder[] {
    // An image is closed no later than its folder, whose name its own begins with.
    for (const image of this.#images.push(blob)) this.#add(image);
    this.#images.takeOrphans();
    const closed = this.#close((path) => !blob.name.startsWith(path));
    const path = folderOf(blob.name);
    if (blob.name === metadataName(path) && path.startsWith(this.#prefix)) this.#at(path).metadata = blob;
    return closed;
  }

  /** What is open when the listing ends. */
  end(): Folder[] {
    for (const image of this.#images.end()) this.#add(image);
    return this.#close(() => true);
  }

  #add(listed: ListedImage): void {
    const { image, prompt } = listed;
    const status = statusOf(listed);
    const path = folderOf(image.name);
    if (prompt === null || (status !== 'done' && status !== 'edited')) return;
    if (!path.startsWith(this.#prefix)) return;
    const file = image.name.slice(path.length);
    this.#at(path).prompts.push({ file, name: prompt.name, etag: prompt.etag });
  }

  #at(path: string): OpenFolder {
    const folder = this.#open.get(path) ?? { path, prompts: [], metadata: null };
    this.#open.set(path, folder);
    return folder;
  }

  #close(done: (path: string) => boolean): Folder[] {
    const closed = [...this.#open.values()].filter(({ path }) => done(path));
    for (const { path } of closed) this.#open.delete(path);
    return closed;
  }
}
