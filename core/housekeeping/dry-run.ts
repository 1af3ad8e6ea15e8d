import type { Clock } from '../clock.ts';
import { feedName } from '../feed/feed-name.ts';
import { readMessage } from '../queue/message.ts';
import type { Queue } from '../queue/queue.ts';
import type { BlobProperties, Blobs } from '../store/blobs.ts';
import { MAX_LISTED } from './audit/capped.ts';
import type { Feed } from './cleanup/keep-feed.ts';

/** Something that a run would change. */
export interface Change {
  readonly action: 'remove' | 'write' | 'queue';
  /** The container, the queue or the folder. */
  readonly where: string;
  readonly name: string;
}

/** What a run would change, of which some is listed. */
export class Plan {
  readonly #changes: Change[] = [];
  #count = 0;

  add(change: Change): void {
    this.#count++;
    if (this.#changes.length < MAX_LISTED) this.#changes.push(change);
  }

  get count(): number {
    return this.#count;
  }

  get changes(): readonly Change[] {
    return this.#changes;
  }
}

interface Planned {
  readonly plan: Plan;
  readonly clock: Clock;
  /** Names that begin with one of these are our own notes: they are not there, and what is written is not listed. */
  readonly notes?: readonly string[];
}

/**
 * The container as it is, except that whatever is changed is listed instead. Who changed a blob finds it changed, as far
 * as HEAD tells.
 */
export function planned(blobs: Blobs, { plan, clock, notes = [] }: Planned): Blobs {
  const changed = new Map<string, BlobProperties | null>();
  const isNote = (name: string) => notes.some((begin) => name.startsWith(begin));
  const { container } = blobs;
  return {
    container,
    url: (name) => blobs.url(name),
    page: (options) => blobs.page(options),
    async head(name, signal) {
      const known = changed.get(name);
      if (known !== undefined) return known;
      return isNote(name) ? null : blobs.head(name, signal);
    },
    async read(name, options) {
      return isNote(name) || changed.get(name) === null ? null : blobs.read(name, options);
    },
    async write(name, bytes, { contentType, metadata = {}, condition }) {
      const before = condition === 'any' ? null : await this.head(name);
      if (condition === 'new' && before) return 'conflict';
      if (typeof condition === 'object' && before?.etag !== condition.etag) return 'conflict';
      changed.set(name, {
        etag: 'planned',
        size: bytes.byteLength,
        contentType,
        contentMd5: null,
        metadata,
        lastModified: new Date(clock.now()),
        isArchived: false,
        isCopying: false,
      });
      if (!isNote(name)) plan.add({ action: 'write', where: container, name });
      return { etag: 'planned' };
    },
    async remove(name, { etag, signal } = {}) {
      const before = await this.head(name, signal);
      if (before === null || (etag !== undefined && before.etag !== etag)) return false;
      changed.set(name, null);
      plan.add({ action: 'remove', where: container, name });
      return true;
    },
  };
}

/** A queue that nothing is sent to, with the length that it has. */
export function plannedQueue(queue: Queue, container: string, plan: Plan): Queue {
  return {
    name: queue.name,
    async send(text) {
      const read = readMessage(text, container);
      const name = 'event' in read ? read.event.name : 'batch' in read ? `batch ${read.batch}` : '';
      plan.add({ action: 'queue', where: queue.name, name });
    },
    receive: async () => [],
    hide: async () => null,
    remove: async () => false,
    peek: async () => [],
    length: (signal) => queue.length(signal),
  };
}

/** A feed that nothing is mirrored to. */
export function plannedFeed({ blobs }: Feed, planning: Planned): Feed {
  return {
    blobs: planned(blobs, planning),
    async mirror(image) {
      planning.plan.add({ action: 'write', where: blobs.container, name: feedName(image) });
      return true;
    },
  };
}
