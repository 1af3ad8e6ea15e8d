import pLimit from 'p-limit';
import type { Clock } from '../clock.ts';

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
  readonly #attempts = new Set<Promise<unknown>>();
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

  add(task: Task): void {
    if (this.#stopping.signal.aborted) {
      task.lost('stopped');
    } else if (this.#tasks.size >= this.#max) {
      task.lost('full');
    } else {
      const working = this.#work(task).finally(() => this.#tasks.delete(working));
      this.#tasks.add(working);
    }
  }

  /**
   * Waits until nothing is to be attempted at this moment, `ms` milliseconds at most. What rests until its next attempt is
   * not waited for: that may take minutes.
   */
  async flush(ms: number): Promise<void> {
    await this.#within(ms, async (ended) => {
      while (this.#attempts.size > 0 && !ended.aborted) await Promise.all(this.#attempts);
    });
  }

  /**
   * Takes nothing more. What was not attempted yet has `ms` milliseconds left for it; what rests after an attempt that
   * failed is lost, since there is no time for another one.
   */
  async close(ms: number): Promise<void> {
    this.#stopping.abort();
    await this.#within(ms, () => Promise.all(this.#tasks));
    this.#giveUp.abort();
    await Promise.all(this.#tasks);
  }

  async #work(task: Task): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const wait = await this.#attempt(task, attempt);
      if (wait === null) return;
      // It rejects only when the program ends.
      await this.#clock.sleep(wait, this.#stopping.signal).catch(() => {});
      if (this.#stopping.signal.aborted) return task.lost('stopped');
    }
  }

  async #attempt(task: Task, attempt: number): Promise<number | null> {
    const { signal } = this.#giveUp;
    const attempting = this.#limit(() => (signal.aborted ? 0 : task.try(attempt, signal))).finally(() =>
      this.#attempts.delete(attempting),
    );
    this.#attempts.add(attempting);
    return attempting;
  }

  async #within(ms: number, wait: (ended: AbortSignal) => Promise<unknown>): Promise<void> {
    const ended = new AbortController();
    const late = this.#clock.sleep(ms, ended.signal).catch(() => {});
    await Promise.race([wait(ended.signal), late]);
    ended.abort();
  }
}
