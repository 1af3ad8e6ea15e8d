import type { ListedImage } from '../../store/listing.ts';
import { hash48, MAX_KNOWN, NameStore } from '../audit/names/known-names.ts';
import type { ImagesSeen } from '../sweep/observer.ts';

/** What the feed should have, as the listing of the images tells: by hashes, since there may be many. */
export class FeedCensus {
  #store = new NameStore();
  #described = new Set<number>();
  /** Where the names of images are that have a prompt, by that prompt. */
  #prompts = new Map<number, number>();

  page({ isFirst, images }: ImagesSeen): void {
    if (isFirst) {
      this.#store = new NameStore();
      this.#described = new Set();
      this.#prompts = new Map();
    }
    for (const image of images) this.#add(image);
  }

  /** Whether the image was seen, and a prompt with it. Of very many some are not: who acts on it looks again. */
  hasPrompt(image: string): boolean {
    return this.#described.has(hash48(image));
  }

  /** The images whose prompts are none of these, which were told by `promptKey`. */
  *missing(mirrored: ReadonlySet<number>): Generator<string, void> {
    for (const [key, place] of this.#prompts) {
      if (!mirrored.has(key)) yield this.#store.at(place);
    }
  }

  #add({ image, prompt }: ListedImage): void {
    if (prompt === null || this.#described.size >= MAX_KNOWN) return;
    this.#described.add(hash48(image.name));
    const place = this.#store.add(image.name);
    if (place !== null) this.#prompts.set(promptKey(image.name, prompt.etag), place);
  }
}

/** One version of the prompt of an image, whoever wrote it. @param etag of the prompt */
export function promptKey(image: string, etag: string): number {
  return hash48(`${image}\n${etag}`);
}
