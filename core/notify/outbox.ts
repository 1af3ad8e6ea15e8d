import pLimit from 'p-limit';
import type { Clock } from '../clock.ts';
import { isInTime } from './patience.ts';

/** Something that is told to others beside the work, once or in several attempts. */
export interface Task {
  /**
   * One attempt. What fails is its own business: it never rejects.
   * @param attempt from 1 on
   * @returns milliseconds until another one is to be made; null where there is nothing left to do
   */
  try(attempt: number, signal: AbortSignal): Promise<number | null>;
  /** It will not be told: too many wait already, or the program ends. */
  lost(reason: LossReason): void;
}

type LossReason = 'full' | 'stopped';

interface OutboxOptions {
  readonly clock: Clock;
  /** So many tasks wait at most, those that are being worked on included. */
  readonly max?: number;
  /** Attempts at once. */
  readonly concurrency?: number;
}

const MAX_WAITING = 1_000;
const CONCURRENCY = 4;

/**
 * Tasks that nobody waits for, of a bounded number, so that whoever cannot be told costs neither memory nor time. A task
 * that rests until its next attempt takes no place of those that are worked on.
 */
export class Outbox {
  readonly #clock: Clock;
  readonly #max: number;
  readonly #limit: ReturnType<typeof pLimit>;
  /** None of them rejects. */
  readonly #tasks = new Set<Promise<void>>();
  readonly #stopping = new AbortController();
  readonly #giveUp = new AbortController();

  constructor({ clock, max = MAX_WAITING, concurrency = CONCURRENCY }: OutboxOptions) {
    this.#clock = clock;
    this.#max = max;
    this.#limit = pLimit(concurrency);
  }

  /** Tasks that are not told yet. */
  get waiting(): number {
    return this.#tasks.size;
  }

  /** @returns when it was attempted once, or never will be; most need not wait for it. It never rejects */
  async add(task: Task): Promise<void> {
    if (this.#stopping.signal.aborted) {
      task.lost('stopped');
    } else if (this.#tasks.size >= this.#max) {
      task.lost('full');
    } else {
      const { promise: attempted, resolve } = Promise.withResolvers<void>();
      const working = this.#work(task, resolve).finally(() => this.#tasks.delete(working));
      this.#tasks.add(working);
      await attempted;
    }
  }

  /**
   * Takes nothing more. What was not attempted yet has `ms` milliseconds left for it; what rests after an attempt that
   * failed is lost, since there is no time for another one.
   */
  async close(ms: number): Promise<void> {
    this.#stopping.abort();
    await isInTime(Promise.all(this.#tasks), ms, this.#clock);
    this.#giveUp.abort();
    await Promise.all(this.#tasks);
  }

  async #work(task: Task, attempted: () => void): Promise<void> {
    const { signal } = this.#giveUp;
    for (let attempt = 1; ; attempt++) {
      const wait = await this.#limit(() => (signal.aborted ? 0 : task.try(attempt, signal)));
      attempted();
      if (wait === null) return;
      // It rejects only when the program ends.
      await this.#clock.sleep(wait, this.#stopping.signal).catch(() => {});
      if (this.#stopping.signal.aborted) return task.lost('stopped');
    }
  }
}
