import { createHash } from 'node:crypto';
import type { Clock } from '../../core/clock.ts';
import { FailedError, RefusedError } from '../../core/errors.ts';
import type {
  BlobPage,
  BlobProperties,
  Blobs,
  PageOptions,
  ReadBlob,
  WriteCondition,
  WriteOptions,
} from '../../core/store/blobs.ts';
import { MAX_BLOB_NAME, nameFault } from '../../core/store/names.ts';

/** What else can be said of a blob, and is set from outside of this program. */
interface Marks {
  /** It is in the archive tier: it can neither be read nor overwritten. */
  readonly isArchived: boolean;
  readonly isCopying: boolean;
  /** Someone else holds a lease: it can be read, but not written or removed. */
  readonly isLeased: boolean;
}

interface Stored extends BlobProperties, Marks {
  readonly bytes: Uint8Array;
}

const UNMARKED: Marks = { isArchived: false, isCopying: false, isLeased: false };

/** As storage has it: a bigger page is cut. */
const MAX_PAGE = 5_000;

/**
 * A container in memory that answers as Azure's does. The service's time is the clock's that is never set, so that a
 * test can set the wall clock of the program without setting the service's.
 */
export class MemoryBlobs implements Blobs {
  readonly container: string;
  readonly #clock: Clock;
  readonly #blobs = new Map<string, Stored>();
  #versions = 0;

  constructor(clock: Clock, container = 'images') {
    this.#clock = clock;
    this.container = container;
  }

  url(name: string): string {
    named(name);
    const path = name.split('/').map(encodeURIComponent).join('/');
    return `https://memory.blob.core.windows.net/${this.container}/${path}`;
  }

  async head(name: string, signal?: AbortSignal): Promise<BlobProperties | null> {
    begin(name, signal);
    const blob = this.#blobs.get(name);
    return blob === undefined ? null : properties(blob);
  }

  async read(
    name: string,
    { maxBytes, signal }: { readonly maxBytes: number; readonly signal?: AbortSignal | undefined },
  ): Promise<ReadBlob | null> {
    begin(name, signal);
    const blob = this.#blobs.get(name);
    if (blob === undefined) return null;
    if (blob.isArchived) throw new RefusedError('blob-archived');
    const bytes = blob.size <= maxBytes ? blob.bytes.slice() : null;
    return { ...properties(blob), bytes, servedAt: this.#serviceTime() };
  }

  async write(
    name: string,
    bytes: Uint8Array,
    { contentType, metadata = {}, condition, signal }: WriteOptions,
  ): Promise<{ readonly etag: string } | 'conflict'> {
    begin(name, signal);
    const before = this.#blobs.get(name);
    if (!holds(condition, before)) return 'conflict';
    writable(before);
    const lowerCase = Object.entries(metadata).map(([key, value]) => [key.toLowerCase(), value]);
    return this.#keep(name, {
      ...UNMARKED,
      bytes: bytes.slice(),
      size: bytes.byteLength,
      contentType,
      contentMd5: createHash('md5').update(bytes).digest('base64'),
      metadata: Object.fromEntries(lowerCase),
    });
  }

  async remove(
    name: string,
    { etag, signal }: { readonly etag?: string; readonly signal?: AbortSignal | undefined } = {},
  ): Promise<boolean> {
    begin(name, signal);
    const before = this.#blobs.get(name);
    if (before === undefined || (etag !== undefined && etag !== before.etag)) return false;
    if (before.isLeased) throw new FailedError('storage-unavailable');
    return this.#blobs.delete(name);
  }

  async page({ prefix = '', marker = '', size, signal }: PageOptions): Promise<BlobPage> {
    if (signal?.aborted) throw new FailedError('storage-unavailable', { cause: signal.reason });
    const names = [...this.#blobs.keys()].filter((name) => name.startsWith(prefix) && name >= marker).sort();
    const end = Math.min(size, MAX_PAGE);
    const blobs = names.slice(0, end).flatMap((name) => {
      const blob = this.#blobs.get(name);
      return blob ? [{ name, ...properties(blob) }] : [];
    });
    return { blobs, marker: names[end] ?? null, servedAt: this.#serviceTime() };
  }

  /** What Set Blob Metadata does: another ETag, the same content. */
  touch(name: string): void {
    const blob = this.#blobs.get(name);
    if (blob) this.#keep(name, blob);
  }

  /** Changes the tier, a lease or a copy's state: an ETag does not move with them. */
  mark(name: string, marks: Partial<Marks>): void {
    const blob = this.#blobs.get(name);
    if (blob) this.#blobs.set(name, { ...blob, ...marks });
  }

  #keep(name: string, blob: Omit<Stored, 'etag' | 'lastModified'>): { readonly etag: string } {
    const etag = `0x8D${(++this.#versions).toString(16).toUpperCase().padStart(12, '0')}`;
    this.#blobs.set(name, { ...blob, etag, lastModified: this.#serviceTime() });
    return { etag };
  }

  /** In whole seconds, as in the headers of HTTP. */
  #serviceTime(): Date {
    return new Date(Math.floor(this.#clock.elapsed() / 1_000) * 1_000);
  }
}

function properties(blob: Stored): BlobProperties {
  const { etag, size, contentType, contentMd5, lastModified, isCopying, isArchived, metadata } = blob;
  const marks = { isCopying, isArchived };
  return { etag, size, contentType, contentMd5, lastModified, ...marks, metadata: { ...metadata } };
}

function holds(condition: WriteCondition, before: Stored | undefined): boolean {
  if (condition === 'any') return true;
  return condition === 'new' ? before === undefined : before?.etag === condition.etag;
}

function writable(before: Stored | undefined): void {
  if (before?.isLeased || before?.isArchived) throw new FailedError('storage-unavailable');
}

function begin(name: string, signal: AbortSignal | undefined): void {
  named(name);
  if (signal?.aborted) throw new FailedError('storage-unavailable', { cause: signal.reason });
}

function named(name: string): void {
  if (nameFault(name, MAX_BLOB_NAME)) throw new RefusedError('invalid-name');
}
