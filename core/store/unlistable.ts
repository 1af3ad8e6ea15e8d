import { randomUUID } from 'node:crypto';
import { RestError } from '@azure/storage-blob';
import type { Clock } from '../clock.ts';
import { FailedError, RefusedError } from '../errors.ts';
import type { BlobPage, Blobs, PageOptions } from './blobs.ts';
import { MAX_BLOB_NAME } from './names.ts';
import { type Ask, findWayRound } from './way-round.ts';

/** A page of a listing. Fewer blobs than were asked for, even none, may come although more follow. */
export interface ListedPage extends BlobPage {
  /** Ranges of names that could not be looked into. */
  readonly skipped: number;
}

/** What is known of the ways round is found anew after so long: an image may have come in between. */
const MEMORY_MS = 60_000;

/** Finding takes at most about this share of a lister's time: what took long is remembered for longer. */
const FINDING = 1 / 20;

/** More than the way round a name takes. A storage that fails for another reason is not asked for ever. */
const MAX_QUESTIONS = { all: 5_000, failing: MAX_BLOB_NAME };

/** What is known, by the place in the listing. */
interface Known {
  /** By the clock. */
  readonly since: number;
  /** Page sizes that were small enough. */
  readonly sizes: Map<string, number>;
  /** Page sizes that were too large: that many names on, or before, there is one that cannot be listed. */
  readonly failing: Map<string, number>;
  /** Found ways: the next name, or null at the end. */
  readonly ways: Map<string, Way>;
  /** Milliseconds. */
  spent: number;
}

interface Way {
  readonly next: string | null;
  readonly skipped: number;
  readonly servedAt: Date;
}

/**
 * Lists as the container does, but finds its way round names that make the storage fail. It remembers where they are, so
 * whoever lists again and again keeps it.
 */
export class Lister {
  readonly #blobs: Pick<Blobs, 'page'>;
  readonly #clock: Pick<Clock, 'elapsed'>;
  #known: Known;

  constructor(blobs: Pick<Blobs, 'page'>, clock: Pick<Clock, 'elapsed'>) {
    this.#blobs = blobs;
    this.#clock = clock;
    this.#known = nothingKnown(clock);
  }

  /** @throws what the container throws, also where there is no way round */
  async page(options: PageOptions): Promise<ListedPage> {
    const { since, spent } = this.#known;
    if (this.#clock.elapsed() - since > Math.max(MEMORY_MS, spent / FINDING)) {
      this.#known = nothingKnown(this.#clock);
    }
    const { sizes, failing } = this.#known;
    const place = placeOf(options);
    for (;;) {
      const bound = failing.get(place);
      const size = sizes.get(place) ?? (bound === undefined ? options.size : Math.floor(bound / 2));
      if (size === 0) return this.#goRound(options, place);
      const page = await this.#blobs.page({ ...options, size }).catch(unlistable);
      if (page instanceof FailedError) {
        sizes.delete(place);
        failing.set(place, size);
        continue;
      }
      if (bound !== undefined && page.marker !== null) {
        sizes.set(place, size);
        const next = placeOf({ ...options, marker: page.marker });
        if (!failing.has(next)) failing.set(next, Math.max(bound - page.blobs.length, 1));
      }
      return { ...page, skipped: 0 };
    }
  }

  /** A page of the one blob behind what cannot be listed. */
  async #goRound(options: PageOptions, place: string): Promise<ListedPage> {
    const { prefix = '', marker = '' } = options;
    const { failing, ways } = this.#known;
    const known = ways.get(place);
    if (known) {
      const page = await this.#follow(known, options);
      if (page) return page;
      ways.delete(place);
    }
    const failure = await this.#blobs.page({ ...options, size: 1 }).catch(unlistable);
    if (!(failure instanceof FailedError)) {
      // It was something else: what is known from here on is not true.
      this.#known = nothingKnown(this.#clock);
      return { ...failure, skipped: 0 };
    }
    if (!marker.startsWith(prefix) && marker !== '') throw failure;
    failing.set(place, 1);
    const started = this.#clock.elapsed();
    const way = await this.#find(options, failure);
    this.#known.spent += this.#clock.elapsed() - started;
    ways.set(place, way);
    return (await this.#follow(way, options)) ?? { blobs: [], marker, servedAt: way.servedAt, skipped: 0 };
  }

  /** Null where the blob that the way led to is gone. */
  async #follow({ next, skipped, servedAt }: Way, { signal }: PageOptions): Promise<ListedPage | null> {
    if (next === null) return { blobs: [], marker: null, servedAt, skipped };
    const page = await this.#blobs.page({ prefix: next, size: 1, signal });
    const found = page.blobs.filter(({ name }) => name === next);
    return found.length === 0 ? null : { blobs: found, marker: next, servedAt: page.servedAt, skipped };
  }

  async #find({ prefix = '', marker = '', signal }: PageOptions, failure: FailedError): Promise<Way> {
    let servedAt = new Date(0);
    const asked = { all: 0, failing: 0 };
    const ask: Ask = async (begin, after) => {
      if (++asked.all > MAX_QUESTIONS.all || asked.failing > MAX_QUESTIONS.failing) throw failure;
      const question = { prefix: begin, marker: after === '' ? undefined : after, size: 1, signal };
      const page = await this.#blobs.page(question).catch(unlistable);
      if (page instanceof FailedError) {
        asked.failing++;
        return 'unlistable';
      }
      servedAt = page.servedAt;
      return page.blobs[0] ?? 'none';
    };
    const find = async () => {
      // Names that there are none of: what fails here does not fail for a name, or takes no name for a marker.
      const isNameless = await ask(prefix + randomUUID(), marker === '' ? `${prefix} ` : marker);
      if (isNameless !== 'none') throw failure;
      return findWayRound(ask, prefix, marker);
    };
    const found = await find().catch((error) => {
      throw error instanceof RefusedError ? failure : error;
    });
    return { next: found.next?.name ?? null, skipped: found.isSkipping ? 1 : 0, servedAt };
  }
}

/** The failure of a storage that came to a name it cannot list, as a value; or one that cannot be told from it. */
function unlistable(error: unknown): FailedError {
  if (error instanceof FailedError && error.cause instanceof RestError && error.cause.statusCode === 500) {
    return error;
  }
  throw error;
}

function placeOf({ prefix = '', marker = '' }: PageOptions): string {
  return JSON.stringify([prefix, marker]);
}

function nothingKnown(clock: Pick<Clock, 'elapsed'>): Known {
  return { since: clock.elapsed(), sizes: new Map(), failing: new Map(), ways: new Map(), spent: 0 };
}
