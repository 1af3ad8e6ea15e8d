import { AsyncLocalStorage } from 'node:async_hooks';
import type { Batch } from '../batch/record.ts';
import type { Clock } from '../clock.ts';
import type { News } from '../describe/news.ts';
import type { Feed } from '../feed/feed.ts';
import type { Blobs } from '../store/blobs.ts';
import { batchEvent, eventOf } from './make-event.ts';
import type { Outbox } from './outbox.ts';
import { isInTime, Patience } from './patience.ts';
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

/** Longer than whoever is well takes. */
const WAIT_MS = 5_000;

/** Of a batch there is one event: it may take as long as an attempt does, and some others before it. */
const BATCH_MS = 20_000;

/** Fits, after the grace of a worker, into the 28 s that every command has to end. */
const DRAIN_MS = 5_000;

/** What was told in the course of some work: when each was attempted once. */
interface Told {
  readonly feed: Promise<void>[];
  readonly webhook: Promise<void>[];
}

/** Passes news on to whoever wants to hear of them, beside the work: nothing here throws, and `tell` does not wait. */
export class NewsDesk {
  readonly #options: NewsDeskOptions;
  readonly #told = new AsyncLocalStorage<Told>();
  readonly #patience: { readonly feed: Patience; readonly webhook: Patience };

  constructor(options: NewsDeskOptions) {
    const { clock } = options;
    this.#options = options;
    this.#patience = { feed: new Patience(clock), webhook: new Patience(clock) };
  }

  get feed(): Feed | null {
    return this.#options.feed;
  }

  tell(news: News): void {
    const { feed, webhook, blobs, clock } = this.#options;
    const told = this.#told.getStore();
    const mirrored = feed?.take(news);
    if (mirrored) told?.feed.push(mirrored);
    const sent = news.kind === 'edit' ? undefined : webhook?.send(eventOf(news, blobs, clock.now()));
    if (sent) told?.webhook.push(sent);
  }

  /** Waits until it was attempted once, 20 s at most. @param batch one that has ended */
  async tellBatch(batch: Batch): Promise<void> {
    const { webhook, blobs, clock } = this.#options;
    const sent = webhook?.send(batchEvent(batch, blobs.container, clock.now()));
    if (sent) await isInTime(sent, BATCH_MS, clock);
  }

  /**
   * Where an instance may go away when its function returns: does some work, and waits until what was told in the course of
   * it was attempted once, `ms` milliseconds at most. Who did not answer in that time is not waited for in the next minute.
   */
  async during<T>(work: () => Promise<T>, ms = WAIT_MS): Promise<T> {
    const told: Told = { feed: [], webhook: [] };
    const result = await this.#told.run(told, work);
    const { feed, webhook } = this.#patience;
    await Promise.all([feed.wait(told.feed, ms), webhook.wait(told.webhook, ms)]);
    return result;
  }

  /** Before the program ends: takes `ms` milliseconds at most for what was not attempted yet, and tells what is lost. */
  async close(ms = DRAIN_MS): Promise<void> {
    await Promise.all(this.#options.outboxes.map((outbox) => outbox.close(ms)));
  }
}
