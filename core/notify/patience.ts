import type { Clock } from '../clock.ts';

/** Whoever was not done in time is not waited for again for so long. */
const IMPATIENT_MS = 60_000;

/** Waits for someone who is no part of the work: not long, and not again and again. */
export class Patience {
  readonly #clock: Clock;
  /** Of the clock that is never set. */
  #endedUntil = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Waits until all of it is done, `ms` milliseconds at most; or not at all, where that was not long enough a moment ago.
   * @param tasks none of which rejects
   */
  async wait(tasks: readonly Promise<void>[], ms: number): Promise<void> {
    if (tasks.length === 0 || this.#clock.elapsed() < this.#endedUntil) return;
    if (await isInTime(Promise.all(tasks), ms, this.#clock)) return;
    this.#endedUntil = this.#clock.elapsed() + IMPATIENT_MS;
  }
}

/** @param task that does not reject. @returns whether it was done within so many milliseconds */
export async function isInTime(task: Promise<unknown>, ms: number, clock: Clock): Promise<boolean> {
  const done = new AbortController();
  const late = clock.sleep(ms, done.signal).then(
    () => false,
    () => true,
  );
  const isDone = await Promise.race([task.then(() => true), late]);
  done.abort();
  return isDone;
}
