import type { Clock } from '../clock.ts';
import { type ImageEvent, MAX_TRIES, type Outcome } from '../describe/outcome.ts';
import { FailedError } from '../errors.ts';
import { isCandidate } from '../store/names.ts';
import type { EventTelemetry } from '../telemetry/events.ts';
import { encodeEvent, encodeStep, encodeText, type Malformation, readMessage } from './message.ts';
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
  /** What does the steps of batches. */
  readonly batches: BatchSteps;
}

export interface BatchSteps {
  /**
   * @param signal breaks off what was begun
   * @param stopping nothing new is to be begun any more: it aborts first where the program has time to end
   * @returns after how many milliseconds the next step is due; null where there is none
   * @throws FailedError when storage or the queue fails
   */
  run(id: string, signal: AbortSignal, stopping: AbortSignal): Promise<number | null>;
  /** Ends a batch whose steps fail again and again. @returns false where it had ended otherwise, or there is none */
  giveUp(id: string, error: FailedError): Promise<boolean>;
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
  /** A step of a batch. */
  | {
      readonly status: 'step';
      readonly batch: string;
      /** When the next one is due, in milliseconds; null where there is none. */
      readonly next: number | null;
      /** Why it failed. */
      readonly error: FailedError | null;
      readonly comesBack: boolean;
    }
  /** The program stops: it is queued anew, and this attempt does not count. */
  | { readonly status: 'given-back' };

/**
 * Handles one message.
 * @param signal breaks it off; then it is queued anew
 * @param stopping the program is about to stop: what takes long begins nothing more
 * @throws FailedError when the queue fails; then the message is to be left where it is
 */
export async function handleMessage(
  { body, dequeueCount }: Received,
  handler: MessageHandler,
  signal: AbortSignal,
  stopping = signal,
): Promise<Handled> {
  const { events, poison, container, prefix, clock, telemetry } = handler;
  const read = readMessage(body, container);
  if ('malformed' in read) {
    await poison.send(encodeText(body));
    telemetry.malformed(read.malformed);
    return { status: 'malformed', reason: read.malformed };
  }
  if ('batch' in read) return handleStep(read.batch, dequeueCount, handler, { signal, stopping });
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
        return { status: 'failed', error: toFailure(error) };
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

interface Signals {
  readonly signal: AbortSignal;
  readonly stopping: AbortSignal;
}

/** A step that went well queues the next one, so that what else is in the queue has its turn in between. */
async function handleStep(
  batch: string,
  dequeueCount: number,
  { events, poison, batches }: MessageHandler,
  signals: Signals,
): Promise<Handled> {
  const message = encodeStep(batch);
  const ran = signals.signal.aborted ? null : await runStep(batch, dequeueCount, batches, signals);
  if (ran === null) {
    await events.send(message);
    return { status: 'given-back' };
  }
  if (!(ran instanceof FailedError)) {
    if (ran.next !== null) await events.send(message, { delay: ran.next });
    return { status: 'step', batch, next: ran.next, error: null, comesBack: false };
  }
  const comesBack = dequeueCount < MAX_TRIES;
  if (!comesBack) {
    const isGivenUp = await batches.giveUp(batch, ran).catch(unlessStorage);
    // Its last step may have ended it, and died before its message was removed.
    if (!isGivenUp) {
      return { status: 'step', batch, next: null, error: null, comesBack };
    }
    await poison.send(message);
  }
  return { status: 'step', batch, next: null, error: ran, comesBack };
}

/** What can never be given up, since its record is damaged, say, is for a person to look at: it must not come back for ever. */
function unlessStorage(error: unknown): true {
  if (error instanceof FailedError && error.code === 'storage-unavailable') throw error;
  return true;
}

/** @returns null where the signal ended it; why it failed */
async function runStep(
  batch: string,
  dequeueCount: number,
  batches: BatchSteps,
  { signal, stopping }: Signals,
): Promise<{ readonly next: number | null } | FailedError | null> {
  // Whoever is killed has not tried: only a batch that kills again and again is given up.
  if (dequeueCount > MAX_TRIES) return new FailedError('internal', { detail: 'No step came to an end.' });
  try {
    return { next: await batches.run(batch, signal, stopping) };
  } catch (error) {
    return signal.aborted ? null : toFailure(error);
  }
}

function toFailure(error: unknown): FailedError {
  return error instanceof FailedError ? error : new FailedError('internal', { cause: error });
}
