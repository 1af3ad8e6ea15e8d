import type { Clock } from '../clock.ts';
import type { Queue, QueueMessage } from './queue.ts';

/** As `visibilityTimeout` in host.json: so long after its receiver died or failed, a message can be received again. */
export const HIDDEN_MS = 30_000;

const RENEWAL_MS = 10_000;

interface Keeper {
  readonly queue: Queue;
  readonly clock: Clock;
  /** Told of each renewal that failed; the next one follows all the same. */
  readonly warn: (error: unknown) => void;
}

/**
 * Keeps a message hidden from others while it is worked on.
 * @returns what the work gave, and the message as it can be removed: null where it has become someone else's
 */
export async function whileHidden<T>(
  message: QueueMessage,
  keeper: Keeper,
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly held: QueueMessage | null }> {
  const done = new AbortController();
  const renewing = renew(message, keeper, done.signal);
  try {
    const result = await work();
    done.abort();
    // A renewal on its way would change the receipt under whoever removes it.
    return { result, held: await renewing };
  } finally {
    done.abort();
  }
}

/** Until `done` aborts. Never rejects. */
async function renew(
  message: QueueMessage,
  { queue, clock, warn }: Keeper,
  done: AbortSignal,
): Promise<QueueMessage | null> {
  let held = message;
  while (!done.aborted) {
    // It rejects only when the work is done.
    await clock.sleep(RENEWAL_MS, done).catch(() => {});
    if (done.aborted) return held;
    try {
      const renewed = await queue.hide(held, HIDDEN_MS);
      if (renewed === null) return null;
      held = renewed;
    } catch (error) {
      warn(error);
    }
  }
  return held;
}
