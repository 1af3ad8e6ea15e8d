import { setTimeout as after } from 'node:timers/promises';
import pLimit from 'p-limit';
import type { ImageEvent, Outcome } from '../core/describe/outcome.ts';
import type { Blobs } from '../core/store/blobs.ts';
import { type ListedImage, listImages } from '../core/store/listing.ts';
import { nameFault } from '../core/store/names.ts';
import { statusOf } from '../core/store/prompts.ts';

export interface WatchOptions {
  readonly blobs: Blobs;
  readonly prefix: string;
  readonly describe: (
    event: ImageEvent,
    lastTry: { readonly attempts: number } | undefined,
  ) => Promise<Outcome>;
  /** Told of every image that was worked on, with the time it took in milliseconds. */
  readonly report: (name: string, outcome: Outcome, milliseconds: number) => void;
  /** Told of a listing that failed; the next one follows all the same. */
  readonly warn: (error: unknown) => void;
  /** The pause before the next listing, in milliseconds, from the time the last one took. */
  readonly pause: (listed: number) => number;
  readonly signal: AbortSignal;
}

/** The same as the blob trigger of the Functions host: more than decodes at once, since Vision is waited for. */
const CONCURRENCY = 4;

/** As the queue has it: so many attempts, so far apart. */
const MAX_ATTEMPTS = 5;
const RETRY_MS = 30_000;

/**
 * Stands in for Event Grid where there is none: lists the container again and again and describes what has neither an
 * up-to-date prompt nor an error. Ends when the signal aborts, after what was begun is done.
 */
export async function watch(options: WatchOptions): Promise<void> {
  const { blobs, prefix, pause, warn, signal } = options;
  const work = new Work(options);
  while (!signal.aborted) {
    const started = performance.now();
    try {
      for await (const listed of listImages(blobs, { prefix, signal })) {
        if (statusOf(listed) === 'pending') work.offer(listed);
      }
    } catch (error) {
      if (!signal.aborted) warn(error);
    }
    await after(pause(performance.now() - started), undefined, { signal }).catch(() => {});
  }
  await work.end();
}

/** What is being described, and what failed and is due again later. */
class Work {
  readonly #options: WatchOptions;
  readonly #limit = pLimit(CONCURRENCY);
  readonly #running = new Map<string, Promise<void>>();
  readonly #failed = new Map<string, { readonly attempts: number; readonly due: number }>();

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  offer({ image: { name, etag } }: ListedImage): void {
    const failed = this.#failed.get(name);
    if (this.#running.has(name) || nameFault(name) !== null) return;
    if (failed && performance.now() < failed.due) return;
    const running = this.#limit(() => this.#describe(name, etag, (failed?.attempts ?? 0) + 1));
    this.#running.set(name, running);
    // Kept in step with the map: a name is offered again only when its work is over.
    void running.finally(() => this.#running.delete(name));
  }

  async end(): Promise<void> {
    await Promise.allSettled(this.#running.values());
  }

  async #describe(name: string, etag: string, attempts: number): Promise<void> {
    const { blobs, describe, report, warn, signal } = this.#options;
    if (signal.aborted) return;
    const started = performance.now();
    try {
      const lastTry = attempts >= MAX_ATTEMPTS ? { attempts } : undefined;
      const outcome = await describe({ container: blobs.container, name, etag }, lastTry);
      if (outcome.status === 'failed')
        this.#failed.set(name, { attempts, due: performance.now() + RETRY_MS });
      else this.#failed.delete(name);
      report(name, outcome, performance.now() - started);
    } catch (error) {
      this.#failed.set(name, { attempts, due: performance.now() + RETRY_MS });
      warn(error);
    }
  }
}
