/**
 * The few operations on a container that this program needs, with the conditions they need.
 *
 * ETags have no quotes here. Everything a caller decides on is a value (null for a missing blob, `conflict` for a
 * condition that did not hold); everything else is thrown as FailedError.
 */

export interface BlobProperties {
  readonly etag: string;
  readonly size: number;
  readonly contentType: string | null;
  /** Base64. */
  readonly contentMd5: string | null;
  readonly lastModified: Date;
  /** In the archive tier, where it cannot be read. */
  readonly isArchived: boolean;
  /** The service still copies its content from elsewhere: what is there is not all of it. */
  readonly isCopying: boolean;
  /** Names in lower case. */
  readonly metadata: Readonly<Record<string, string>>;
}

export interface ReadBlob extends BlobProperties {
  /** Null for a blob that is larger than was wanted. */
  readonly bytes: Uint8Array | null;
  /** The service's own time of this answer: ages are told by it, since clocks of machines differ. */
  readonly servedAt: Date;
}

export interface ListedBlob extends BlobProperties {
  readonly name: string;
}

/** `new`: only where no blob has the name. An ETag: only over that version. `any`: without a condition. */
export type WriteCondition = 'new' | 'any' | { readonly etag: string };

export interface WriteOptions {
  readonly contentType: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly condition: WriteCondition;
  readonly signal?: AbortSignal | undefined;
}

export interface BlobPage {
  readonly blobs: readonly ListedBlob[];
  /** Where the next page begins; null after the last. */
  readonly marker: string | null;
  /** The service's own time of this answer. */
  readonly servedAt: Date;
}

export interface PageOptions {
  readonly prefix?: string | undefined;
  readonly marker?: string | undefined;
  readonly size: number;
  readonly signal?: AbortSignal | undefined;
}

export interface Blobs {
  readonly container: string;
  /** The blob's address, without any signature. @throws RefusedError `invalid-name` for a name that has none. */
  url(name: string): string;
  head(name: string, signal?: AbortSignal): Promise<BlobProperties | null>;
  /**
   * Reads at most `maxBytes` in one request that also yields size and ETag; a larger blob comes without bytes.
   * @throws RefusedError `blob-archived`
   */
  read(
    name: string,
    options: { readonly maxBytes: number; readonly signal?: AbortSignal | undefined },
  ): Promise<ReadBlob | null>;
  write(
    name: string,
    bytes: Uint8Array,
    options: WriteOptions,
  ): Promise<{ readonly etag: string } | 'conflict'>;
  /** @returns false where there was nothing to delete, or (with an ETag) another version. */
  remove(
    name: string,
    options?: { readonly etag?: string; readonly signal?: AbortSignal | undefined },
  ): Promise<boolean>;
  /** One page of the listing, in the order of the names, with metadata. */
  page(options: PageOptions): Promise<BlobPage>;
}
