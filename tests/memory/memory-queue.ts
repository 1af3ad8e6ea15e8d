import type { Clock } from '../../core/clock.ts';
import { FailedError } from '../../core/errors.ts';
import type { Queue, QueueMessage, SendOptions } from '../../core/queue/queue.ts';

interface Lying {
  readonly id: string;
  readonly text: string;
  dequeueCount: number;
  receipt: string;
  /** By the service's time. */
  visibleAt: number;
}

const MAX_MESSAGES = 32;
const MAX_TEXT_BYTES = 64 * 1024;
const MAX_HIDDEN_SECONDS = 6 * 24 * 60 * 60;

/** A storage queue in memory. The service's time is the clock's that is never set. */
export class MemoryQueue implements Queue {
  readonly name: string;
  readonly #clock: Clock;
  #messages: Lying[] = [];
  #made = 0;

  constructor(clock: Clock, name = 'image-events') {
    this.#clock = clock;
    this.name = name;
  }

  async send(text: string, { delay = 0, signal }: SendOptions = {}): Promise<void> {
    if (signal?.aborted) throw new FailedError('storage-unavailable', { cause: signal.reason });
    if (Buffer.byteLength(text) > MAX_TEXT_BYTES) throw new FailedError('storage-unavailable');
    const id = `${++this.#made}`;
    this.#messages.push({ id, text, dequeueCount: 0, receipt: '', visibleAt: this.#in(delay) });
  }

  async receive({
    max,
    hidden,
    signal,
  }: {
    readonly max: number;
    readonly hidden: number;
    readonly signal?: AbortSignal | undefined;
  }): Promise<readonly QueueMessage[]> {
    if (signal?.aborted) throw new FailedError('storage-unavailable', { cause: signal.reason });
    return this.#visible(max).map((message) => {
      message.dequeueCount++;
      this.#hide(message, hidden);
      const { id, text, dequeueCount, receipt } = message;
      return { id, text, dequeueCount, receipt };
    });
  }

  async hide(message: QueueMessage, hidden: number): Promise<QueueMessage | null> {
    const found = this.#find(message);
    if (found === undefined) return null;
    this.#hide(found, hidden);
    return { ...message, receipt: found.receipt };
  }

  async remove(message: QueueMessage): Promise<boolean> {
    const found = this.#find(message);
    this.#messages = this.#messages.filter((other) => other !== found);
    return found !== undefined;
  }

  async peek(max: number): Promise<readonly QueueMessage[]> {
    return this.#visible(max).map(({ id, text, dequeueCount }) => ({ id, text, dequeueCount, receipt: '' }));
  }

  async length(): Promise<number> {
    return this.#messages.length;
  }

  /** Milliseconds until a message can be received; null for an empty queue. */
  untilNext(): number | null {
    const next = Math.min(...this.#messages.map(({ visibleAt }) => visibleAt));
    return this.#messages.length === 0 ? null : Math.max(0, next - this.#clock.elapsed());
  }

  #visible(max: number): Lying[] {
    const now = this.#clock.elapsed();
    return this.#messages.filter(({ visibleAt }) => visibleAt <= now).slice(0, Math.min(max, MAX_MESSAGES));
  }

  #hide(message: Lying, hidden: number): void {
    message.receipt = `${message.id}-${++this.#made}`;
    message.visibleAt = this.#in(hidden);
  }

  #find({ id, receipt }: QueueMessage): Lying | undefined {
    return this.#messages.find((message) => message.id === id && message.receipt === receipt);
  }

  #in(ms: number): number {
    return this.#clock.elapsed() + Math.min(Math.ceil(ms / 1_000), MAX_HIDDEN_SECONDS) * 1_000;
  }
}
