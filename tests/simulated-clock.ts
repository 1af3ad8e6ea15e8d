import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '../core/clock.ts';
import { AMPLE_MS } from './until.ts';

/** A clock that stands still until a test moves it, and whose chance is fixed. */
export class SimulatedClock implements Clock {
  readonly #chance: number;
  #now: number;
  #set = 0;
  #sleepers: { readonly at: number; readonly wake: () => void }[] = [];

  constructor({ start = Date.UTC(2026, 0, 1, 12), chance = 0 } = {}) {
    this.#now = start;
    this.#chance = chance;
  }

  now(): number {
    return this.#now + this.#set;
  }

  elapsed(): number {
    return this.#now;
  }

  /** Sets the wall clock forward or back, as an operator or a time server does. */
  set(ms: number): void {
    this.#set += ms;
  }

  random(): number {
    return this.#chance;
  }

  /** Milliseconds until the next sleeper wakes. */
  untilNext(): number {
    return (this.#next()?.at ?? Number.POSITIVE_INFINITY) - this.#now;
  }

  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    await new Promise<void>((wake, fail) => {
      const sleeper = { at: this.#now + ms, wake };
      this.#sleepers.push(sleeper);
      signal.addEventListener('abort', () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        fail(signal.reason);
      });
    });
  }

  /** Moves on, and wakes who slept until then, in order. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (let next = this.#next(); next !== undefined && next.at <= end; next = this.#next()) {
      const { at, wake } = next;
      this.#sleepers = this.#sleepers.filter((other) => other !== next);
      this.#now = Math.max(this.#now, at);
      wake();
    }
    this.#now = end;
  }

  /** Moves on from sleeper to sleeper until the promise is settled; stands still while `isBusy`. */
  async runUntilSettled<T>(promise: Promise<T>, isBusy: () => boolean = () => false): Promise<T> {
    let isSettled = false;
    const settle = () => {
      isSettled = true;
    };
    promise.then(settle, settle);
    const deadline = AbortSignal.timeout(AMPLE_MS);
    while (!isSettled) {
      deadline.throwIfAborted();
      await turn();
      const next = this.#next();
      if (!isSettled && !isBusy() && next) this.advance(next.at - this.#now);
    }
    return promise;
  }

  #next() {
    return this.#sleepers.toSorted((a, b) => a.at - b.at)[0];
  }
}
