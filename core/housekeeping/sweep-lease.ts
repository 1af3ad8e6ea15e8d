import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Blobs } from '../store/blobs.ts';
import { type Place, parseSweep, START, type SweepContent } from './sweep-place.ts';

const NAME = 'housekeeping/sweep.json';

/** More than a page takes, by far. Whoever has not been heard of for so long is dead, or will find that it has lost. */
export const LEASE_MS = 2 * 60_000;
const RENEWAL_MS = 30_000;

/** A place whose open images have the longest metadata there can be. */
const MAX_BYTES = 16 * 1024 * 1024;

/** What is swept: a place in another listing is of no use. */
export interface Swept {
  readonly container: string;
  readonly prefix: string;
}

/** Someone else took the sweep over: this one has to end. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

/**
 * The right to sweep, which one run has at a time, and the place it has got to: one blob, of which every write depends
 * on the one before. A run that died leaves its place to the next one, as soon as its lease is too old.
 */
export class SweepLease {
  readonly #state: Blobs;
  readonly #clock: Clock;
  readonly #owner: string;
  readonly #swept: Swept;
  #etag: string;
  #place: Place;
  #renewed: number;

  private constructor(
    state: Blobs,
    clock: Clock,
    held: { readonly owner: string; readonly swept: Swept; readonly place: Place; readonly etag: string },
  ) {
    this.#state = state;
    this.#clock = clock;
    this.#owner = held.owner;
    this.#swept = held.swept;
    this.#place = held.place;
    this.#etag = held.etag;
    this.#renewed = clock.elapsed();
  }

  /** @returns null while another run has it */
  static async take(state: Blobs, clock: Clock, swept: Swept): Promise<SweepLease | null> {
    const found = await read(state);
    if (found?.content?.owner && found.age < LEASE_MS) return null;
    const known = found?.content;
    const isSame = known?.container === swept.container && known.prefix === swept.prefix;
    const place = (isSame && known.place) || START;
    const owner = randomUUID();
    const condition = found ? { etag: found.etag } : 'new';
    const etag = await write(state, { ...swept, owner, place }, condition);
    return etag === null ? null : new SweepLease(state, clock, { owner, swept, place, etag });
  }

  get place(): Place {
    return this.#place;
  }

  /** Notes how far the run has got, which also renews the lease. @throws LeaseLost */
  async save(place: Place): Promise<void> {
    const content = { ...this.#swept, owner: this.#owner, place };
    const etag = await write(this.#state, content, { etag: this.#etag });
    if (etag === null) throw new LeaseLost('another run has taken over');
    this.#etag = etag;
    this.#place = place;
    this.#renewed = this.#clock.elapsed();
  }

  /** Renews the lease where that is due. @throws LeaseLost */
  async keep(): Promise<void> {
    if (this.#clock.elapsed() - this.#renewed >= RENEWAL_MS) await this.save(this.#place);
  }

  /** Lets the next run go on from a place; null for the beginning. What has become another's is not ours to give back. */
  async release(place: Place | null): Promise<void> {
    await write(this.#state, { ...this.#swept, owner: null, place }, { etag: this.#etag });
  }
}

async function read(state: Blobs) {
  const blob = await state.read(NAME, { maxBytes: MAX_BYTES });
  if (blob === null) return null;
  // By the service's clock alone: those of machines differ, and are set.
  const age = blob.servedAt.getTime() - blob.lastModified.getTime();
  return { etag: blob.etag, age, content: parseSweep(blob.bytes) };
}

/** @returns null where someone else was faster */
async function write(
  state: Blobs,
  content: SweepContent,
  condition: 'new' | { readonly etag: string },
): Promise<string | null> {
  const bytes = Buffer.from(JSON.stringify(content));
  const written = await state.write(NAME, bytes, { contentType: 'application/json', condition });
  if (written !== 'conflict') return written.etag;
  // The answer to our own write may have been lost, and this be the answer to its repetition.
  const found = await read(state);
  return content.owner !== null && found?.content?.owner === content.owner ? found.etag : null;
}
