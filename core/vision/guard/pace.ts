import pLimit from 'p-limit';
import { type Clock, dateIn, orAborted } from '../../clock.ts';
import { DeferredError } from '../../errors.ts';

/** Calls reach the service sooner or later than they were begun. So much room keeps them apart there as well. */
const ROOM = 1.05;

/**
 * Lets calls begin one after the other, in the order they were asked for, and no more of them within any second than
 * the service allows. Of a fraction, the next whole number can fall into one second, but no more over longer times.
 */
export class Pace {
  readonly #clock: Clock;
  /** So many calls may begin within so many milliseconds, whenever those begin. */
  readonly #calls: number;
  readonly #window: number;
  readonly #queue = pLimit(1);
  /** When the latest calls began, oldest first. */
  readonly #begun: number[] = [];
  #pausedUntil = Number.NEGATIVE_INFINITY;

  /** @param perSecond above 0; fractions allowed */
  constructor(perSecond: number, clock: Clock) {
    this.#clock = clock;
    this.#calls = Math.ceil(perSecond);
    this.#window = (this.#calls / perSecond) * 1_000 * ROOM;
  }

  /** No call begins before this time of the clock that is never set: the service asked for it. */
  pauseUntil(time: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, time);
  }

  /**
   * Resolves when a call may begin.
   * @param latest time after which it is not wanted any more
   * @throws DeferredError `vision-throttled` or `vision-busy`, as soon as it is known that it will be later
   */
  async turn(latest: number, signal: AbortSignal): Promise<void> {
    const ahead = this.#queue.activeCount + this.#queue.pendingCount;
    this.#deferAfter(latest, Math.floor(ahead / this.#calls) * this.#window);
    const turn = this.#queue(async () => {
      for (let wait = this.#wait(); wait > 0; wait = this.#wait()) {
        this.#deferAfter(latest);
        await this.#clock.sleep(wait, signal);
      }
      // Whoever gave up while waiting in the queue takes nobody's turn.
      signal.throwIfAborted();
      this.#begun.push(this.#clock.elapsed());
      this.#begun.splice(0, this.#begun.length - this.#calls);
    });
    await orAborted(turn, signal);
  }

  #wait(): number {
    const [first] = this.#begun;
    const full = first !== undefined && this.#begun.length === this.#calls;
    return Math.max(full ? first + this.#window : 0, this.#pausedUntil) - this.#clock.elapsed();
  }

  /** @param more what others ahead will add to the wait, in milliseconds */
  #deferAfter(latest: number, more = 0): void {
    const wait = Math.max(this.#wait(), 0) + more;
    if (this.#clock.elapsed() + wait <= latest) return;
    const code = this.#pausedUntil > latest ? 'vision-throttled' : 'vision-busy';
    throw new DeferredError(code, dateIn(this.#clock, wait));
  }
}
