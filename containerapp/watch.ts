import { setTimeout as after } from 'node:timers/promises';
import pLimit from 'p-limit';
import type { ImageEvent, Outcome } from '../core/describe/outcome.ts';
import { RefusedError } from '../core/errors.ts';
import type { Blobs } from '../core/store/blobs.ts';
import { type ListedImage, listImages } from '../core/store/listing.ts';
import { nameFault } from '../core/store/names.ts';
import { statusOf } from '../core/store/prompts.ts';

/** What became of an image that was worked on. */
export interface Report {
  readonly name: string;
  readonly outcome: Outcome;
  readonly milliseconds: number;
  /** No further attempt follows. */
  readonly isLast: boolean;
}

export interface WatchOptions {
  readonly blobs: Blobs;
  readonly prefix: string;
  readonly describe: (
    event: ImageEvent,
    lastTry: { readonly attempts: number } | undefined,
  ) => Promise<Outcome>;
  readonly report: (report: Report) => void;
  /** Told of a listing that failed, once while it fails in the same way; the next one follows all the same. */
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
  let warned = '';
  while (!signal.aborted) {
    const started = performance.now();
    try {
      for await (const listed of listImages(blobs, { prefix, signal })) {
        if (nameFault(listed.image.name) !== null) work.refuse(listed);
        else if (statusOf(listed) === 'pending') work.offer(listed);
      }
      warned = '';
    } catch (error) {
      if (!signal.aborted && String(error) !== warned) warn(error);
      warned = String(error);
    }
    await after(pause(performance.now() - started), undefined, { signal }).catch(() => {});
  }
  await work.end();
}

/** What is being described, and what failed or was deferred and is due again later. */
class Work {
  readonly #options: WatchOptions;
  readonly #limit = pLimit(CONCURRENCY);
  readonly #running = new Map<string, Promise<void>>();
  readonly #later = new Map<string, Later>();
  /** Images that can have no output, each told of once. */
  readonly #refused = new Set<string>();

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  offer({ image: { name, etag } }: ListedImage): void {
    if (this.#running.has(name)) return;
    const known = this.#later.get(name);
    // What failed was another version: this one has all its attempts before it.
    const later = known?.etag === etag ? known : undefined;
    if (later && (later.attempts >= MAX_ATTEMPTS || performance.now() < later.due)) return;
    const running = this.#limit(() => this.#describe(name, etag, (later?.attempts ?? 0) + 1));
    this.#running.set(name, running);
    // Kept in step with the map: a name is offered again only when its work is over.
    void running.finally(() => this.#running.delete(name));
  }

  refuse({ image: { name } }: ListedImage): void {
    if (this.#refused.has(name)) return;
    this.#refused.add(name);
    const outcome = { status: 'refused', error: new RefusedError('invalid-name') } as const;
    this.#options.report({ name, outcome, milliseconds: 0, isLast: true });
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
      const after = performance.now();
      if (outcome.status === 'failed') this.#later.set(name, { etag, attempts, due: after + RETRY_MS });
      else if (outcome.status === 'deferred') {
        const due = after + outcome.until.getTime() - Date.now();
        this.#later.set(name, { etag, attempts: attempts - 1, due });
      } else this.#later.delete(name);
      report({ name, outcome, milliseconds: after - started, isLast: lastTry !== undefined });
    } catch (error) {
      this.#later.set(name, { etag, attempts, due: performance.now() + RETRY_MS });
      warn(error);
    }
  }
}

/** An attempt that is due again: `attempts` so far, `due` by the monotonic clock. */
interface Later {
  readonly etag: string;
  readonly attempts: number;
  readonly due: number;
}
