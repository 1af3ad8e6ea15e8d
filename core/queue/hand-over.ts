import type { Clock } from '../clock.ts';
import type { ImageEvent, Outcome } from '../describe/outcome.ts';
import { encodeEvent } from './message.ts';
import type { Queue } from './queue.ts';
import { HIDDEN_MS } from './while-hidden.ts';

/**
 * Queues the image whose first attempt, made by someone who does not try again, came to no end: what failed is tried as
 * if it had failed in the queue, and what was deferred waits there until its time.
 * @throws FailedError when the queue fails
 */
export async function handOver(
  event: ImageEvent,
  outcome: Outcome,
  { events, clock }: { readonly events: Queue; readonly clock: Clock },
): Promise<void> {
  if (outcome.status === 'failed') {
    await events.send(encodeEvent({ ...event, tries: 1 }), { delay: HIDDEN_MS });
  } else if (outcome.status === 'deferred') {
    const delay = outcome.until.getTime() - clock.now();
    await events.send(encodeEvent({ ...event, tries: 0 }), { delay });
  }
}
