import type { Batch } from '../batch/record.ts';
import type { Clock } from '../clock.ts';
import type { News } from '../describe/news.ts';
import type { Feed } from '../feed/feed.ts';
import type { Blobs } from '../store/blobs.ts';
import { batchEvent, eventOf } from './make-event.ts';
import type { Outbox } from './outbox.ts';
import type { Webhook } from './webhook.ts';

export interface NewsDeskOptions {
  readonly blobs: Blobs;
  readonly clock: Clock;
  /** Null where it is off. */
  readonly feed: Feed | null;
  readonly webhook: Webhook | null;
  /** Those of the feed and of the webhook: neither waits for the other. */
  readonly outboxes: readonly Outbox[];
}

/** Longer than an attempt. The message of an event is kept until its function returns, and that for some minutes only. */
const FLUSH_MS = 20_000;

/** Fits, after the grace of a worker, into the 28 s that every command has to end. */
const DRAIN_MS = 5_000;

/** Passes news on to whoever wants to hear of them, beside the work: nothing here throws, and `tell` does not wait. */
export class NewsDesk {
  readonly #options: NewsDeskOptions;

  constructor(options: NewsDeskOptions) {
    this.#options = options;
  }

  get feed(): Feed | null {
    return this.#options.feed;
  }

  tell(news: News): void {
    const { feed, webhook, blobs, clock } = this.#options;
    feed?.take(news);
    if (news.kind !== 'edit') webhook?.send(eventOf(news, blobs, clock.now()));
  }

  /** Waits until it was attempted once, as `flush` does. @param batch one that has ended */
  async tellBatch(batch: Batch): Promise<void> {
    const { webhook, blobs, clock } = this.#options;
    webhook?.send(batchEvent(batch, blobs.container, clock.now()));
    await this.flush(FLUSH_MS);
  }

  /**
   * Where an instance may be frozen when its function returns: waits until everything was attempted once, `ms` milliseconds
   * at most.
   */
  async flush(ms = FLUSH_MS): Promise<void> {
    await Promise.all(this.#options.outboxes.map((outbox) => outbox.flush(ms)));
  }

  /** Before the program ends: takes `ms` milliseconds at most for what was not attempted yet, and tells what is lost. */
  async close(ms = DRAIN_MS): Promise<void> {
    await Promise.all(this.#options.outboxes.map((outbox) => outbox.close(ms)));
  }
}
