import type { Clock } from '../clock.ts';
import { type ImageEvent, MAX_TRIES, type Outcome } from '../describe/outcome.ts';
import { FailedError } from '../errors.ts';
import { isCandidate } from '../store/names.ts';
import type { EventTelemetry } from '../telemetry/events.ts';
import { encodeEvent, encodeText, type Malformation, readMessage } from './message.ts';
import type { Queue } from './queue.ts';

export interface MessageHandler {
  readonly events: Queue;
  readonly poison: Queue;
  /** Of the images. */
  readonly container: string;
  /** Only names that begin with this are images. */
  readonly prefix: string;
  readonly clock: Clock;
  readonly telemetry: EventTelemetry;
  /** @throws the signal's reason when it aborts */
  describe(event: ImageEvent, attempt: number, signal: AbortSignal): Promise<Outcome>;
}

/** A message as a host received it. */
export interface Received {
  /** Its text, or the value that the host made of it. */
  readonly body: unknown;
  /** How often it was received, this time included. */
  readonly dequeueCount: number;
}

/** What became of a message. All but one that `comesBack` are to be removed from the queue. */
export type Handled =
  | {
      readonly status: 'handled';
      readonly event: ImageEvent;
      readonly outcome: Outcome;
      /** It failed, and is to be received again by itself. */
      readonly comesBack: boolean;
    }
  /** It is of no image, but of one of our own outputs, say. */
  | { readonly status: 'ignored'; readonly name: string }
  /** It lies in the poison queue. */
  | { readonly status: 'malformed'; readonly reason: Malformation }
  /** The program stops: it is queued anew, and this attempt does not count. */
  | { readonly status: 'given-back' };

/** Handles one message. @throws FailedError when the queue fails; then the message is to be left where it is */
export async function handleMessage(
  { body, dequeueCount }: Received,
  handler: MessageHandler,
  signal: AbortSignal,
): Promise<Handled> {
  const { events, poison, container, prefix, clock, telemetry } = handler;
  const read = readMessage(body, container);
  if ('malformed' in read) {
    await poison.send(encodeText(body));
    telemetry.malformed(read.malformed);
    return { status: 'malformed', reason: read.malformed };
  }
  const { event, contentType } = read;
  if (!isCandidate(event.name, contentType, prefix)) return { status: 'ignored', name: event.name };
  // Whoever is killed has not tried: only a message that kills again and again is given up without another attempt.
  const received = (event.tries ?? 0) + dequeueCount;
  const attempt = dequeueCount > MAX_TRIES ? received : Math.min(received, MAX_TRIES);
  const untried = encodeEvent({ ...event, tries: Math.min(attempt - 1, MAX_TRIES) });
  const outcome = signal.aborted
    ? null
    : await handler.describe(event, attempt, signal).catch((error): Outcome | null => {
        if (signal.aborted) return null;
        return {
          status: 'failed',
          error: error instanceof FailedError ? error : new FailedError('internal', { cause: error }),
        };
      });
  if (outcome === null) {
    await events.send(untried);
    return { status: 'given-back' };
  }
  telemetry.handled(outcome.status);
  if (outcome.status === 'deferred') {
    const delay = Math.max(outcome.until.getTime() - clock.now(), 0);
    await events.send(untried, { delay });
  }
  const comesBack = outcome.status === 'failed' && attempt < MAX_TRIES;
  if (outcome.status === 'failed' && !comesBack) await poison.send(encodeEvent(event));
  return { status: 'handled', event, outcome, comesBack };
}
