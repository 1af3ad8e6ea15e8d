import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import {
  type AnalysisKey,
  analysisName,
  contentOf,
  type Result,
  readContent,
  resultOf,
  type StoredContent,
  writeContent,
} from './analysis-blob.ts';
import type { Blobs, WriteCondition } from './blobs.ts';

/**
 * The analyses that were paid for, by content, and the claims of those who are about to pay. A claim that is not renewed
 * expires, so that whoever dies loses it; whoever was only asleep finds another in its place and cannot write.
 */

/** A claim that is older than this is nobody's any more. */
export const CLAIM_MS = 30_000;
const RENEWAL_MS = 10_000;

export type Held =
  | { readonly status: 'claimed'; readonly claim: Claim }
  | ({ readonly status: 'known' } & Result)
  /** Someone else is about to pay. Unless it is renewed, the claim ends in so many milliseconds. */
  | { readonly status: 'taken'; readonly forMs: number };

export class Analyses {
  readonly #state: Blobs;
  readonly #clock: Clock;

  /** @param state the container of the program's own state */
  constructor(state: Blobs, clock: Clock) {
    this.#state = state;
    this.#clock = clock;
  }

  /** Claims the paid call for a content, unless its result is there or the claim is someone else's. */
  async claim(key: AnalysisKey, signal: AbortSignal): Promise<Held> {
    const state = this.#state;
    const name = analysisName(key);
    const owner = randomUUID();
    const claimed = (etag: string): Held => ({
      status: 'claimed',
      claim: new Claim({ state, clock: this.#clock, key, name, owner, etag }),
    });
    let condition: WriteCondition = 'new';
    for (;;) {
      signal.throwIfAborted();
      // Called off on its way, the claim might be there all the same, and nobody know that it is ours to give back.
      const written = await writeContent(state, name, { state: 'claim', owner }, condition);
      if (written !== 'conflict') return claimed(written.etag);
      const found = await readContent(state, name);
      if (found?.content && found.content.state !== 'claim') {
        return { status: 'known', ...resultOf(found.content) };
      }
      // Our own: its answer was lost on the way.
      if (found?.content?.owner === owner) return claimed(found.etag);
      const forMs = found?.content ? CLAIM_MS - found.age : 0;
      if (forMs > 0) return { status: 'taken', forMs: Math.min(forMs, CLAIM_MS) };
      condition = found ? { etag: found.etag } : 'new';
    }
  }
}

interface Claimed {
  readonly state: Blobs;
  readonly clock: Clock;
  readonly key: AnalysisKey;
  readonly name: string;
  readonly owner: string;
  readonly etag: string;
}

/** The right to pay for an analysis; renewed until it is finished or released. */
export class Claim {
  readonly #claimed: Claimed;
  readonly #ended = new AbortController();
  readonly #lost = new AbortController();
  readonly #renewing: Promise<void>;
  #etag: string;

  constructor(claimed: Claimed) {
    this.#claimed = claimed;
    this.#etag = claimed.etag;
    this.#renewing = this.#renew();
  }

  /** Aborts when the claim has become someone else's. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /**
   * Puts the result in the claim's place.
   * @returns false where the claim had become someone else's
   */
  async finish(result: Result): Promise<boolean> {
    await this.#end();
    const { state, key, name, owner } = this.#claimed;
    for (;;) {
      const content = contentOf(result, owner);
      const written = await writeContent(state, name, content, { etag: this.#etag }, key);
      if (written !== 'conflict') return true;
      const found = await this.#ours();
      // The answer to the result, or to the last renewal, was lost on the way.
      if (found === null || found.content?.state !== 'claim') return found !== null;
    }
  }

  /** Gives the claim back, so that nobody need wait for its end. What fails here is mended by that end. */
  async release(): Promise<void> {
    await this.#end();
    const { state, name } = this.#claimed;
    await state.remove(name, { etag: this.#etag }).catch(() => {});
  }

  async #end(): Promise<void> {
    this.#ended.abort();
    await this.#renewing;
  }

  async #renew(): Promise<void> {
    const { state, clock, name, owner } = this.#claimed;
    const { signal } = this.#ended;
    while (!signal.aborted && !this.lost.aborted) {
      try {
        await clock.sleep(RENEWAL_MS, signal);
        const written = await writeContent(state, name, { state: 'claim', owner }, { etag: this.#etag });
        if (written !== 'conflict') this.#etag = written.etag;
        else if ((await this.#ours()) === null) this.#lost.abort();
      } catch {
        // It has ended, or storage does not answer: the next renewal or the finish will tell whose it is.
      }
    }
  }

  /** What is there now where that is ours, and then its ETag is the one to go on with. */
  async #ours(): Promise<StoredContent | null> {
    const { state, name, owner } = this.#claimed;
    const found = await readContent(state, name);
    if (found?.content?.owner !== owner) return null;
    this.#etag = found.etag;
    return found;
  }
}
