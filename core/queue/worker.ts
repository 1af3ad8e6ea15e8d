import pLimit from 'p-limit';
import type { Clock } from '../clock.ts';
import { describing } from '../telemetry/spans.ts';
import { type Handled, handleMessage, type MessageHandler } from './handle-message.ts';
import type { QueueMessage } from './queue.ts';
import { HIDDEN_MS, whileHidden } from './while-hidden.ts';

/** What became of a message that was worked on. */
export interface WorkReport {
  /** Of the message. */
  readonly id: string;
  readonly handled: Handled;
  readonly milliseconds: number;
}

export interface WorkerOptions {
  readonly handler: MessageHandler;
  readonly clock: Clock;
  /** Messages that are worked on at once: more than decodes at once, since a provider is waited for. */
  readonly concurrency: number;
  readonly report: (report: WorkReport) => void;
  /** Told of what failed with the queue itself, once until it answers again or fails in another way; the worker goes on. */
  readonly warn: (error: unknown) => void;
  /** The longest pause, in milliseconds, between two looks into a queue that is empty. */
  readonly maxPause: number;
  /** So many milliseconds what was begun may take after the signal aborted; then it is given back. */
  readonly grace: number;
}

/** https://learn.microsoft.com/rest/api/storageservices/get-messages */
const MAX_RECEIVED = 32;

const FIRST_PAUSE_MS = 100;

const MAX_FAILED = 10_000;

/** Before the queue is asked again that has just failed. */
const FIRST_BACKOFF_MS = 1_000;
const MAX_BACKOFF_MS = 30_000;

/** Works on the messages of the queue, some at once. */
export class QueueWorker {
  readonly #options: WorkerOptions;
  /** What is being worked on; none of it rejects. */
  readonly #running = new Set<Promise<void>>();
  /** One of those that someone had, and left without a word, may have ended that process, with all that it worked on. */
  readonly #suspects = pLimit(1);
  /** Ids of messages that failed here, and are to come back. */
  readonly #failedHere = new Set<string>();
  #pause = new AbortController();
  #isWoken = false;
  /** Looks into an empty queue, one after the other. */
  #empty = 0;
  /** Failures of the queue, one after the other. */
  #failures = 0;
  #warned = '';

  constructor(options: WorkerOptions) {
    this.#options = options;
  }

  /** Whether no message is being worked on. */
  get isIdle(): boolean {
    return this.#running.size === 0;
  }

  /** Looks into the queue at once: something was put there. */
  wake(): void {
    this.#isWoken = true;
    this.#empty = 0;
    this.#pause.abort();
  }

  /** Ends when the signal aborts, with what was begun done or given back. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, concurrency, grace } = this.#options;
    const giveUp = new AbortController();
    const drained = new AbortController();
    const stop = () => {
      this.wake();
      clock.sleep(grace, drained.signal).then(
        () => giveUp.abort(signal.reason),
        () => {},
      );
    };
    signal.addEventListener('abort', stop, { once: true });
    while (!signal.aborted) {
      if (this.#running.size >= concurrency) await Promise.race(this.#running);
      else await this.#look(signal, giveUp.signal);
    }
    await Promise.all(this.#running);
    signal.removeEventListener('abort', stop);
    drained.abort();
  }

  async #look(signal: AbortSignal, giveUp: AbortSignal): Promise<void> {
    const { handler, concurrency } = this.#options;
    const max = Math.min(concurrency - this.#running.size, MAX_RECEIVED);
    this.#isWoken = false;
    try {
      // Called off, it could have received messages all the same, whose tries would count.
      const messages = await handler.events.receive({ max, hidden: HIDDEN_MS, signal: giveUp });
      // Those that come too late are given back before anything is done.
      for (const message of inTurn(messages)) this.#begin(message, signal.aborted ? signal : giveUp, signal);
      this.#empty = messages.length === 0 ? this.#empty + 1 : 0;
      if (messages.length === 0) this.#succeeded();
    } catch (error) {
      this.#failed(error);
    }
    if (this.#failures > 0) await this.#rest(doubled(FIRST_BACKOFF_MS, this.#failures, MAX_BACKOFF_MS));
    else if (this.#empty > 0) {
      await this.#rest(doubled(FIRST_PAUSE_MS, this.#empty, this.#options.maxPause));
    }
  }

  #begin(message: QueueMessage, signal: AbortSignal, stopping: AbortSignal): void {
    const working = this.#work(message, signal, stopping)
      .then(() => this.#succeeded())
      .catch((error) => this.#failed(error))
      .finally(() => this.#running.delete(working));
    this.#running.add(working);
  }

  /** @throws FailedError when the queue fails; the message then comes back by itself */
  async #work(message: QueueMessage, signal: AbortSignal, stopping: AbortSignal): Promise<void> {
    const { handler, clock, report } = this.#options;
    const { events: queue } = handler;
    const started = clock.elapsed();
    const keeper = { queue, clock, warn: (error: unknown) => this.#warn(error) };
    const received = { body: message.text, dequeueCount: message.dequeueCount };
    const handle = (until: AbortSignal) =>
      describing(async () => {
        const done = await handleMessage(received, handler, until, stopping);
        report({ id: message.id, handled: done, milliseconds: clock.elapsed() - started });
        return done;
      });
    const { result: handled, held } = await whileHidden(message, keeper, () =>
      message.dequeueCount === 1 || this.#failedHere.delete(message.id)
        ? handle(signal)
        : // Whoever waited for its turn until the stop is given back.
          this.#suspects(() => handle(stopping.aborted ? stopping : signal)),
    );
    // Who has it now removes it.
    if (held === null) return;
    if ('comesBack' in handled && handled.comesBack) {
      // Those that another worker took stay in here.
      if (this.#failedHere.size >= MAX_FAILED) this.#failedHere.clear();
      this.#failedHere.add(message.id);
      await queue.hide(held, HIDDEN_MS);
    } else {
      await queue.remove(held);
    }
  }

  /** Ends early when it is woken; there is none when that came during the look. */
  async #rest(ms: number): Promise<void> {
    if (this.#isWoken) return;
    this.#pause = new AbortController();
    await this.#options.clock.sleep(ms, this.#pause.signal).catch(() => {});
  }

  #succeeded(): void {
    this.#failures = 0;
    this.#warned = '';
  }

  #failed(error: unknown): void {
    this.#failures++;
    this.#warn(error);
  }

  #warn(error: unknown): void {
    const kind = kindOf(error);
    if (kind !== this.#warned) this.#options.warn(error);
    this.#warned = kind;
  }
}

/** Once this way and once that, so that each has its turn before the one that ends the process. */
function inTurn(messages: readonly QueueMessage[]): readonly QueueMessage[] {
  return messages[0]?.dequeueCount === 2 ? messages.toReversed() : messages;
}

/** The first pause of a row, then twice that, and so on. */
function doubled(first: number, count: number, max: number): number {
  return Math.min(first * 2 ** (count - 1), max);
}

/** The messages of storage have the time and an id of the request in them: those of one kind differ. */
function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const { name, message, cause } = error;
  if (!(cause instanceof Error)) return `${name} ${message}`;
  return `${name} ${message} ${cause.name} ${'code' in cause ? cause.code : ''}`;
}
