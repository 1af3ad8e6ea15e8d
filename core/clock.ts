import { setTimeout as after } from 'node:timers/promises';

/** Time and chance, as far as anything here depends on them. */
export interface Clock {
  /** Milliseconds since the epoch: the wall clock, which people and time servers set. For dates only. */
  now(): number;
  /** Milliseconds since some moment, never set: what durations are measured by. */
  elapsed(): number;
  /** @throws the signal's reason when it aborts */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** From 0 up to, but not including, 1. */
  random(): number;
}

export const SYSTEM_CLOCK: Clock = {
  now: Date.now,
  elapsed: () => performance.now(),
  async sleep(ms, signal) {
    await after(ms, undefined, { signal }).catch(() => signal.throwIfAborted());
  },
  random: Math.random,
};

/** The date so many milliseconds from now. */
export function dateIn(clock: Clock, ms: number): Date {
  return new Date(clock.now() + ms);
}

/** The promise's result, or the signal's reason as soon as it aborts. */
export async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
