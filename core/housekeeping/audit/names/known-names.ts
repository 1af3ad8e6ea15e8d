import { hash } from 'node:crypto';
import { folded } from './name-problems.ts';

/**
 * More than this many names or contents are not told apart, so that a container of any size is looked through in the
 * same memory: about 40 bytes for each, and its name.
 */
export const MAX_KNOWN = 500_000;
const MAX_BYTES = 48 * 1024 * 1024;

/** The first 48 bits of a hash: a number that is exact, and two of half a million are the same once in 2,000 runs. */
export function hash48(text: string): number {
  return hash('sha256', text, 'buffer').readUIntBE(0, 6);
}

/** Names one after the other in one piece of memory, which takes a fraction of what as many strings take. */
export class NameStore {
  #bytes = Buffer.alloc(64 * 1024);
  #end = 0;

  /** @returns where it can be read; null where there is no more room */
  add(name: string): number | null {
    const length = Buffer.byteLength(name) + 1;
    const needed = this.#end + length;
    if (needed > MAX_BYTES) return null;
    if (needed > this.#bytes.length) {
      const larger = Buffer.alloc(Math.min(MAX_BYTES, Math.max(needed, this.#bytes.length * 2)));
      this.#bytes.copy(larger, 0, 0, this.#end);
      this.#bytes = larger;
    }
    const place = this.#end;
    // No name that is listed has a zero in it.
    this.#bytes.write(`${name}\0`, place);
    this.#end = needed;
    return place;
  }

  at(place: number): string {
    return this.#bytes.toString('utf8', place, this.#bytes.indexOf(0, place));
  }
}

/** Who was first to have something, by its hash. */
export class FirstNames {
  readonly #store: NameStore;
  readonly #places = new Map<number, number>();

  constructor(store: NameStore) {
    this.#store = store;
  }

  /** @returns the name of who had it first; null where it is this one, or that is not known */
  first(key: number, place: number | null): string | null {
    const known = this.#places.get(key);
    if (known !== undefined) return this.#store.at(known);
    if (place !== null && this.#places.size < MAX_KNOWN) this.#places.set(key, place);
    return null;
  }

  has(key: number): boolean {
    return this.#places.has(key);
  }
}

/** The names of images, where case and composition do not count. */
export class KnownNames {
  readonly #names: FirstNames;
  /** Keys that more than one image has. */
  readonly #shared = new Set<number>();

  constructor(store: NameStore) {
    this.#names = new FirstNames(store);
  }

  /** @returns another image's name that is the same in this sense */
  add(name: string, place: number | null): string | null {
    const key = hash48(folded(name));
    const other = this.#names.first(key, place);
    if (other === null || folded(other) !== folded(name)) return null;
    this.#shared.add(key);
    return other;
  }

  /** Whether images have the name in more than one way. */
  isShared(name: string): boolean {
    return this.#shared.has(hash48(folded(name)));
  }

  has(name: string): boolean {
    return this.#names.has(hash48(folded(name)));
  }
}
