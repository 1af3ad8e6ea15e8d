import type { News } from '../describe/news.ts';
import type { Log } from '../log.ts';
import type { Outbox } from '../notify/outbox.ts';
import { jsonBytes } from '../store/prompts.ts';
import type { OutgoingTelemetry } from '../telemetry/outgoing.ts';
import { type FeedPlaces, mirrorPrompt, mirrorStored, removeMirror } from './mirror.ts';

export interface FeedOptions extends FeedPlaces {
  readonly outbox: Outbox;
  readonly telemetry: OutgoingTelemetry;
  readonly log: Log;
}

/**
 * Keeps the feed in step with the prompts as they are written. What does not get there is told, and housekeeping makes
 * good for it: there is one attempt, since storage is asked several times in it.
 */
export class Feed {
  readonly #options: FeedOptions;
  /** Of each image, the last of its news that is being followed. None of them rejects. */
  readonly #last = new Map<string, Promise<void>>();

  constructor(options: FeedOptions) {
    this.#options = options;
  }

  /** @returns when it was attempted, or is lost. It never rejects */
  take(news: News): Promise<void> {
    const { outbox, telemetry, log } = this.#options;
    const failed = (outcome: string, fields: object) => {
      telemetry.feed(outcome);
      log.error({ name: news.name, ...fields }, 'the feed was not written');
    };
    return outbox.add({
      try: async (_attempt, signal) => {
        await this.#inTurn(news.name, async () => {
          try {
            const outcome = await this.#follow(news, signal);
            if (outcome !== null) telemetry.feed(outcome);
          } catch (err) {
            failed(signal.aborted ? 'stopped' : 'failed', { err });
          }
        });
        return null;
      },
      lost: (reason) => failed(reason, { reason }),
    });
  }

  /** For housekeeping, which waits for it. @returns whether an entry was written. @throws FailedError when storage fails */
  async mirror(image: string, signal: AbortSignal): Promise<boolean> {
    const outcome = await mirrorStored(this.#options, image, signal);
    this.#options.telemetry.feed(outcome);
    return outcome === 'written';
  }

  /** The outbox works on several at once: a removal must not overtake the writing of what it is to remove. */
  async #inTurn(image: string, follow: () => Promise<void>): Promise<void> {
    const turn = (this.#last.get(image) ?? Promise.resolve()).then(follow);
    this.#last.set(image, turn);
    await turn;
    if (this.#last.get(image) === turn) this.#last.delete(image);
  }

  /** @returns null where there was nothing to do: most images that fail never had an entry */
  async #follow(news: News, signal: AbortSignal): Promise<string | null> {
    const { name: image, etag } = news;
    if (news.kind === 'error') {
      return (await removeMirror(this.#options, image, signal)) ? 'removed' : null;
    }
    const [bytes, sourceEtag] =
      news.kind === 'edit'
        ? [news.bytes, undefined]
        : [jsonBytes(news.document), news.document.image.etag ?? undefined];
    return mirrorPrompt(this.#options, { image, etag, bytes, sourceEtag }, signal);
  }
}
