/** With so many images told of and still to be described, no more are: later looks tell of the others. */
const MAX_TOLD = 10_000;

/** Which version of which image was told of, for as long as the looks into the container show it as still to be done. */
export class Told {
  readonly #max: number;
  readonly #versions = new Map<string, string>();
  #seen = new Set<string>();

  constructor(max = MAX_TOLD) {
    this.#max = max;
  }

  /** A look begins. */
  begin(): void {
    this.#seen = new Set();
  }

  /** @returns whether this version is to be told of now */
  add(name: string, etag: string): boolean {
    const known = this.#versions.get(name);
    if (known === undefined && this.#versions.size >= this.#max) return false;
    this.#seen.add(name);
    this.#versions.set(name, etag);
    return known !== etag;
  }

  /** It could not be told. */
  forget(name: string): void {
    this.#versions.delete(name);
  }

  /** A look came to its end: what it did not show is done, or gone. One that failed on its way says nothing of that. */
  end(): void {
    for (const name of this.#versions.keys()) {
      if (!this.#seen.has(name)) this.#versions.delete(name);
    }
  }
}
