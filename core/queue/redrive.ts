import { encodeEvent, encodeStep, type Malformation, readMessage } from './message.ts';
import type { Queue, QueueMessage } from './queue.ts';

/** What becomes of a message that lay in the poison queue. */
export type Redriven =
  /** It is queued again, as if it had never been tried. `name`: of the image, or the batch it is a step of. */
  | { readonly kind: 'moved'; readonly name: string }
  /** It is no event of an image, and stays. */
  | { readonly kind: 'left'; readonly reason: Malformation }
  /** It is no event of an image, and was removed. */
  | { readonly kind: 'discarded'; readonly reason: Malformation };

export interface RedriveOptions {
  readonly events: Queue;
  readonly poison: Queue;
  /** Of the images. */
  readonly container: string;
  /** Remove what is no event of an image. */
  readonly discardMalformed: boolean;
  readonly tell: (redriven: Redriven) => void;
  readonly signal: AbortSignal;
}

export type RedriveSum = Readonly<Record<Redriven['kind'], number>>;

/** https://learn.microsoft.com/rest/api/storageservices/get-messages */
const MAX_RECEIVED = 32;

/** Whatever a run leaves behind that was killed comes back after this. */
const HIDDEN_MS = 10 * 60_000;

/** What a run would do to the first messages, which stay where they are, and about how many there are in all. */
export async function preview({
  poison,
  container,
  discardMalformed,
}: Pick<RedriveOptions, 'poison' | 'container' | 'discardMalformed'>): Promise<{
  readonly first: readonly Redriven[];
  readonly total: number;
}> {
  const messages = await poison.peek(MAX_RECEIVED);
  return {
    first: messages.map(({ text }) => verdict(text, container, discardMalformed).redriven),
    total: await poison.length(),
  };
}

/**
 * Moves the events of images that lie in the poison queue back to where they are worked on. Ends after as many messages as
 * lay there when it began, so that what fails again meanwhile is not moved in a circle; or when the signal aborts,
 * between two messages.
 * @throws FailedError when a queue fails; nothing is lost, and what was not moved stays
 */
export async function redrive(options: RedriveOptions): Promise<RedriveSum> {
  const { poison, tell, signal } = options;
  const sum = { moved: 0, left: 0, discarded: 0 };
  const kept = new Map<string, QueueMessage>();
  try {
    let remaining = await poison.length();
    while (remaining > 0 && !signal.aborted) {
      const messages = await poison.receive({ max: Math.min(remaining, MAX_RECEIVED), hidden: HIDDEN_MS });
      if (messages.length === 0) break;
      remaining -= messages.length;
      // After a long run, one that was left may be received again.
      const fresh = messages.filter(({ id }) => !kept.has(id));
      for (const message of messages) kept.set(message.id, message);
      for (const message of fresh) {
        if (signal.aborted) break;
        const redriven = await move(message, options);
        if (redriven.kind !== 'left') kept.delete(message.id);
        sum[redriven.kind]++;
        tell(redriven);
      }
    }
    return sum;
  } finally {
    // What this cannot show again comes back by itself.
    for (const message of kept.values()) await poison.hide(message, 0).catch(() => null);
  }
}

async function move(
  message: QueueMessage,
  { events, poison, container, discardMalformed }: RedriveOptions,
): Promise<Redriven> {
  const { redriven, again } = verdict(message.text, container, discardMalformed);
  // It is there twice rather than not at all.
  if (again !== null) await events.send(again);
  if (redriven.kind !== 'left') await poison.remove(message);
  return redriven;
}

function verdict(text: string, container: string, discardMalformed: boolean) {
  const read = readMessage(text, container);
  if ('event' in read) {
    const redriven: Redriven = { kind: 'moved', name: read.event.name };
    return { redriven, again: encodeEvent({ ...read.event, tries: 0, errorEtag: undefined }) };
  }
  if ('batch' in read) {
    const redriven: Redriven = { kind: 'moved', name: read.batch };
    return { redriven, again: encodeStep(read.batch) };
  }
  const redriven: Redriven = { kind: discardMalformed ? 'discarded' : 'left', reason: read.malformed };
  return { redriven, again: null };
}
