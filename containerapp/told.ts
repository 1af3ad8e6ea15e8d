import type { WorkReport } from '../core/queue/worker.ts';

/** With so many images told of and still to be described, no more are: later looks tell of the others. */
const MAX_TOLD = 10_000;

/** Which version of which image was told of, until it is done: by what a look shows, or by who did it. */
export class Told {
  readonly #max: number;
  readonly #versions = new Map<string, string>();
  readonly #settled = new Set<string>();
  #seen = new Set<string>();

  constructor(max = MAX_TOLD) {
    this.#max = max;
  }

  /** A look begins. */
  begin(): void {
    this.#seen = new Set();
    for (const name of this.#settled) this.#versions.delete(name);
    this.#settled.clear();
  }

  /** @returns whether this version is to be told of now */
  add(name: string, etag: string): boolean {
    const known = this.#versions.get(name);
    if (known === undefined && this.#versions.size >= this.#max) return false;
    this.#seen.add(name);
    this.#versions.set(name, etag);
    return known !== etag;
  }

  /**
   * It has its prompt by now: the next look shows it as still to be done only where that was taken away since. The one
   * that runs may have asked before the prompt was there.
   */
  settle(name: string): void {
    if (this.#versions.has(name)) this.#settled.add(name);
  }

  /** Nothing was told. */
  clear(): void {
    this.#versions.clear();
    this.#settled.clear();
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

/** Notes what a worker did. Only a prompt is settled: what fails in every try would be queued without end. */
export function settle({ handled }: WorkReport, images: Told): void {
  if (handled.status === 'handled' && handled.outcome.status === 'done') images.settle(handled.event.name);
}
