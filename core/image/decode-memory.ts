export interface DecodeNeed {
  /** That the decode holds at most. */
  readonly bytes: number;
  /** Of what all of them hold at once; one that needs more runs alone. */
  readonly limit: number;
}

interface Waiting extends DecodeNeed {
  begin(): void;
}

/** Memory that decoders share: each waits until there is enough of it, in the order of coming. */
export class DecodeMemory {
  readonly #waiting: Waiting[] = [];
  /** Decodes at work. What they hold need not come back to 0: it is counted in fractions. */
  #running = 0;
  #held = 0;

  async hold<T>({ bytes, limit }: DecodeNeed, decode: () => Promise<T>): Promise<T> {
    await new Promise<void>((begin) => {
      this.#waiting.push({ bytes, limit, begin });
      this.#admit();
    });
    try {
      return await decode();
    } finally {
      this.#running--;
      this.#held -= bytes;
      this.#admit();
    }
  }

  #admit(): void {
    for (let [next] = this.#waiting; next; [next] = this.#waiting) {
      if (this.#running > 0 && this.#held + next.bytes > next.limit) return;
      this.#waiting.shift();
      this.#running++;
      this.#held += next.bytes;
      next.begin();
    }
  }
}
