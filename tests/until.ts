import { setTimeout as after } from 'node:timers/promises';

/**
 * What a test waits at most for one thing. Longer than a message takes that comes back after half a minute, where storage
 * first stalls until its client gives up (15 s) and tries again.
 */
export const AMPLE_MS = 90_000;

const LOOK_AGAIN_MS = 25;

/**
 * Looks until there is something to see.
 * @param what that should come about, for the error that says that it did not
 * @returns what is seen: anything but false, null and undefined
 */
export async function until<T>(
  what: string,
  look: () => Seen<T> | Promise<Seen<T>>,
  deadlineMs = AMPLE_MS,
): Promise<T> {
  const deadline = performance.now() + deadlineMs;
  for (;;) {
    const seen = await look();
    if (seen !== false && seen !== null && seen !== undefined) return seen;
    if (performance.now() > deadline) throw new Error(`not within ${deadlineMs / 1_000} s: ${what}`);
    await after(LOOK_AGAIN_MS);
  }
}

type Seen<T> = T | false | null | undefined;
