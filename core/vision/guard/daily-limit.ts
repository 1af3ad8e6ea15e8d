import pLimit from 'p-limit';
import * as z from 'zod';
import { type Clock, orAborted } from '../../clock.ts';
import { DeferredError, FailedError } from '../../errors.ts';
import type { Blobs, WriteCondition } from '../../store/blobs.ts';
import { STATE_PREFIXES } from '../../store/state-prefixes.ts';

export const DAY_MS = 86_400_000;

/** Each conflict means that another instance got on, so this many in a row mean that something else is wrong. */
const MAX_CONFLICTS = 50;

const CONFLICT_PAUSE_MS = 20;

const counter = z.object({ taken: z.int().min(0) });

/**
 * At most so many calls in one UTC day, over all instances. Each takes a block of calls from a counter blob by a
 * conditional write, so that the counter is not asked before every call. What an instance that ends has left of its
 * block is lost; a write whose answer is lost costs a block, too. It errs on the side of fewer calls only.
 */
export class DailyLimit {
  readonly #limit: number;
  readonly #block: number;
  readonly #blobs: Blobs;
  readonly #clock: Clock;
  readonly #queue = pLimit(1);
  /** Days since the epoch; what is left of the block is for this one. */
  #day = 0;
  #left = 0;
  #isSpent = false;

  /** @param limit at least 1 */
  constructor(limit: number, blobs: Blobs, clock: Clock) {
    this.#limit = limit;
    this.#block = Math.max(1, Math.floor(limit / 100));
    this.#blobs = blobs;
    this.#clock = clock;
  }

  /**
   * Takes one call.
   * @returns what gives it back, for a call that was not made after all
   * @throws DeferredError `vision-limit-spent` until the next day; FailedError `storage-unavailable`
   */
  async take(signal: AbortSignal): Promise<() => void> {
    const taken = this.#queue(async () => {
      const day = this.#today();
      if (this.#left === 0 && !this.#isSpent) await this.#refill(day);
      signal.throwIfAborted();
      if (this.#left === 0) throw new DeferredError('vision-limit-spent', new Date((day + 1) * DAY_MS));
      this.#left--;
      return () => {
        if (day === this.#day) this.#left++;
      };
    });
    return orAborted(taken, signal);
  }

  #today(): number {
    const day = Math.floor(this.#clock.now() / DAY_MS);
    if (day !== this.#day) {
      this.#day = day;
      this.#left = 0;
      this.#isSpent = false;
    }
    return day;
  }

  /** Goes on when its caller leaves: the block is for whoever comes next. */
  async #refill(day: number): Promise<void> {
    const name = `${STATE_PREFIXES.counters}vision-${new Date(day * DAY_MS).toISOString().slice(0, 10)}.json`;
    for (let conflicts = 0; conflicts < MAX_CONFLICTS; conflicts++) {
      const { taken, condition } = await this.#read(name);
      const block = Math.min(this.#block, this.#limit - taken);
      if (block <= 0) {
        this.#isSpent = true;
        return;
      }
      const bytes = Buffer.from(JSON.stringify({ taken: taken + block }));
      const options = { contentType: 'application/json', condition } as const;
      if ((await this.#blobs.write(name, bytes, options)) !== 'conflict') {
        // Added, since calls may have been given back while the block was being taken.
        this.#left += block;
        return;
      }
      await this.#clock.sleep(this.#clock.random() * CONFLICT_PAUSE_MS, new AbortController().signal);
    }
    throw new FailedError('storage-unavailable', { detail: 'The count of calls cannot be written.' });
  }

  async #read(name: string): Promise<{ readonly taken: number; readonly condition: WriteCondition }> {
    const blob = await this.#blobs.read(name, { maxBytes: 1_000 });
    if (blob === null) return { taken: 0, condition: 'new' };
    try {
      const { taken } = counter.parse(JSON.parse(Buffer.from(blob.bytes ?? []).toString()));
      return { taken, condition: { etag: blob.etag } };
    } catch (error) {
      // Nobody knows what was used: to begin anew could pay for twice the limit.
      throw new FailedError('storage-unavailable', {
        detail: 'The count of calls is unreadable.',
        cause: error,
      });
    }
  }
}
