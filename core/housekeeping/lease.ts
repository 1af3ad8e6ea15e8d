import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Blobs, WriteCondition } from '../store/blobs.ts';
import { type Place, parseSweep, START, type SweepContent } from './place.ts';

export const LEASE_FOLDER = 'housekeeping/';
const NAME = `${LEASE_FOLDER}sweep.json`;

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

interface Held {
  readonly owner: string;
  readonly swept: Swept;
  readonly place: Place;
  readonly etag: string;
  readonly signal: AbortSignal;
}

/** Someone else took the sweep over: this one has to end. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

/**
 * The right to housekeep, which one run has at a time, and the place it has got to: one blob, of which every write depends
 * on the one before. A run that died leaves its place to the next one, as soon as its lease is too old.
 */
export class RunLease {
  readonly #state: Blobs;
  readonly #clock: Clock;
  readonly #owner: string;
  readonly #swept: Swept;
  readonly #signal: AbortSignal;
  #etag: string;
  #place: Place;
  #renewed: number;

  private constructor(state: Blobs, clock: Clock, held: Held) {
    this.#state = state;
    this.#clock = clock;
    this.#owner = held.owner;
    this.#swept = held.swept;
    this.#signal = held.signal;
    this.#place = held.place;
    this.#etag = held.etag;
    this.#renewed = clock.elapsed();
  }

  /**
   * @param signal ends every call of storage, also those that give the lease back
   * @returns null while another run has it
   */
  static async take(state: Blobs, clock: Clock, swept: Swept, signal: AbortSignal): Promise<RunLease | null> {
    const found = await read(state, signal);
    if (found?.content?.owner && found.age < LEASE_MS) return null;
    const known = found?.content;
    const isSame = known?.container === swept.container && known.prefix === swept.prefix;
    const place = (isSame && known.place) || START;
    const owner = randomUUID();
    const condition = found ? { etag: found.etag } : 'new';
    const etag = await write(state, { ...swept, owner, place }, { condition, signal });
    return etag === null ? null : new RunLease(state, clock, { owner, swept, place, etag, signal });
  }

  get place(): Place {
    return this.#place;
  }

  /** Notes how far the run has got, which also renews the lease. @throws LeaseLost */
  async save(place: Place): Promise<void> {
    const content = { ...this.#swept, owner: this.#owner, place };
    const etag = await this.#write(content);
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
    await this.#write({ ...this.#swept, owner: null, place });
  }

  #write(content: SweepContent): Promise<string | null> {
    return write(this.#state, content, { condition: { etag: this.#etag }, signal: this.#signal });
  }
}

async function read(state: Blobs, signal: AbortSignal) {
  const blob = await state.read(NAME, { maxBytes: MAX_BYTES, signal });
  if (blob === null) return null;
  // By the service's clock alone: those of machines differ, and are set.
  const age = blob.servedAt.getTime() - blob.lastModified.getTime();
  return { etag: blob.etag, age, content: parseSweep(blob.bytes) };
}

/** @returns null where someone else was faster */
async function write(
  state: Blobs,
  content: SweepContent,
  { condition, signal }: { readonly condition: WriteCondition; readonly signal: AbortSignal },
): Promise<string | null> {
  const bytes = Buffer.from(JSON.stringify(content));
  const written = await state.write(NAME, bytes, { contentType: 'application/json', condition, signal });
  if (written !== 'conflict') return written.etag;
  // The answer to our own write may have been lost, and this be the answer to its repetition.
  const found = await read(state, signal);
  return content.owner !== null && found?.content?.owner === content.owner ? found.etag : null;
}
