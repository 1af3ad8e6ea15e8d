import { MAX_TRIES } from './outcome.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** After the attempts of its event an image is tried again at these distances; then daily, for a week. */
const PAUSES = [15 * MINUTE, HOUR, 6 * HOUR, DAY, ...Array<number>(7).fill(DAY)];

/**
 * When an image that failed is tried again by itself; null where it is not.
 * @param attempts all there were so far of this version of the image
 * @param now milliseconds since the epoch
 */
export function nextTryAt(attempts: number, now: number): Date | null {
  const pause = PAUSES[Math.max(0, attempts - MAX_TRIES)];
  return pause === undefined ? null : new Date(now + pause);
}
