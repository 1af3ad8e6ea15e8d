import { createHash } from 'node:crypto';
import {
  type BlobDownloadResponseParsed,
  type BlobItem,
  BlobServiceClient,
  type BlockBlobClient,
  type ContainerClient,
  type ContainerListBlobFlatSegmentResponse,
  RestError,
} from '@azure/storage-blob';
import type { StorageSettings } from '../config.ts';
import { FailedError, RefusedError } from '../errors.ts';
import { ambientIdentity } from '../identity.ts';
import type {
  BlobPage,
  BlobProperties,
  Blobs,
  ListedBlob,
  PageOptions,
  ReadBlob,
  WriteCondition,
  WriteOptions,
} from './blobs.ts';
import { MAX_BLOB_NAME, nameFault } from './names.ts';

/**
 * The SDK's own defaults wait for ever on a server that hangs, and up to two minutes between tries. A try that takes
 * this long is dead, and an operation that takes this long in all is better tried again by whoever asked for it.
 */
export const RETRY = { maxTries: 3, tryTimeoutInMs: 15_000, retryDelayInMs: 200, maxRetryDelayInMs: 2_000 };
const DEADLINE_MS = 60_000;

/** What storage says when a condition of ours does not hold. */
const CONFLICTS = new Set(['BlobAlreadyExists', 'ConditionNotMet', 'TargetConditionNotMet']);

/** A marker that is none of the service's, or too long for the address or the header that it stands in. */
const BAD_MARKER = new Set([400, 414, 431]);

/** Connects with a connection string, or with the identity of the machine this runs on. */
export async function connectStorage(settings: StorageSettings): Promise<BlobServiceClient> {
  const options = { retryOptions: RETRY };
  if ('connectionString' in settings) {
    return BlobServiceClient.fromConnectionString(settings.connectionString, options);
  }
  return new BlobServiceClient(settings.blobServiceUri, ambientIdentity(settings.clientId), options);
}

export class AzureBlobs implements Blobs {
  readonly container: string;
  readonly #client: ContainerClient;
  readonly #deadlineMs: number;

  constructor(client: ContainerClient, deadlineMs = DEADLINE_MS) {
    this.#client = client;
    this.#deadlineMs = deadlineMs;
    this.container = client.containerName;
  }

  /** Creates the container where it is missing; for local mode, since Azure's comes from its template. */
  async create(): Promise<void> {
    await this.#client.createIfNotExists({ abortSignal: this.#deadline() }).catch(rethrow);
  }

  url(name: string): string {
    const url = new URL(this.#blob(name).url);
    url.search = '';
    return url.href;
  }

  async head(name: string, signal?: AbortSignal): Promise<BlobProperties | null> {
    try {
      const answer = await this.#blob(name).getProperties({ abortSignal: this.#deadline(signal) });
      return properties(answer, answer.contentLength);
    } catch (error) {
      if (isBlobMissing(error)) return null;
      return rethrow(error);
    }
  }

  async read(
    name: string,
    { maxBytes, signal }: { readonly maxBytes: number; readonly signal?: AbortSignal | undefined },
  ): Promise<ReadBlob | null> {
    try {
      const answer = await this.#blob(name).download(0, maxBytes, { abortSignal: this.#deadline(signal) });
      const found = properties(answer, totalLength(answer));
      const fits = found.size <= maxBytes;
      const servedAt = answer.date ?? found.lastModified;
      return { ...found, servedAt, bytes: await readBody(answer, fits ? found.size : null) };
    } catch (error) {
      if (isBlobMissing(error)) return null;
      if (error instanceof RestError && error.statusCode === 416) {
        const empty = await this.head(name, signal);
        // Filled meanwhile, as clients do that create first and write after.
        if (empty && empty.size > 0) return this.read(name, { maxBytes, signal });
        return empty && { ...empty, servedAt: empty.lastModified, bytes: new Uint8Array() };
      }
      if (error instanceof RestError && error.code === 'BlobArchived') {
        throw new RefusedError('blob-archived', { cause: error });
      }
      return rethrow(error);
    }
  }

  async write(
    name: string,
    bytes: Uint8Array,
    options: WriteOptions,
  ): Promise<{ readonly etag: string } | 'conflict'> {
    try {
      // One Put Blob: unlike a list of blocks it stores Content-MD5, by which our own writing is known again.
      const answer = await this.#blob(name).upload(bytes, bytes.byteLength, {
        abortSignal: this.#deadline(options.signal),
        blobHTTPHeaders: { blobContentType: options.contentType, blobContentMD5: md5(bytes) },
        metadata: { ...options.metadata },
        conditions: conditions(options.condition),
      });
      return { etag: unquoted(answer.etag) };
    } catch (error) {
      if (isConflict(error)) return 'conflict';
      return rethrow(error);
    }
  }

  async remove(
    name: string,
    options: { readonly etag?: string; readonly signal?: AbortSignal | undefined } = {},
  ): Promise<boolean> {
    try {
      await this.#blob(name).delete({
        abortSignal: this.#deadline(options.signal),
        // A snapshot of what we wrote would keep it from going.
        deleteSnapshots: 'include',
        conditions: options.etag === undefined ? {} : conditions({ etag: options.etag }),
      });
      return true;
    } catch (error) {
      if (isBlobMissing(error) || isConflict(error)) return false;
      return rethrow(error);
    }
  }

  async page({ prefix, marker, size, signal }: PageOptions): Promise<BlobPage> {
    try {
      const pages = this.#client
        .listBlobsFlat({
          includeMetadata: true,
          abortSignal: this.#deadline(signal),
          ...(prefix ? { prefix } : {}),
        })
        .byPage({ maxPageSize: size, ...(marker ? { continuationToken: marker } : {}) });
      const { value } = await pages.next();
      // The iterator is typed to end; the page of a listing always comes.
      const answer = value as ContainerListBlobFlatSegmentResponse;
      const { continuationToken, segment, date } = answer;
      return {
        blobs: segment.blobItems.map(listed),
        marker: continuationToken || null,
        servedAt: date ?? new Date(0),
      };
    } catch (error) {
      // Markers come from clients, in the cursors of the API.
      if (marker && error instanceof RestError && BAD_MARKER.has(error.statusCode ?? 0)) {
        throw new RefusedError('invalid-request', { detail: 'The cursor is not one of ours.', cause: error });
      }
      return rethrow(error);
    }
  }

  #deadline(signal?: AbortSignal): AbortSignal {
    const timeout = AbortSignal.timeout(this.#deadlineMs);
    return signal ? AbortSignal.any([signal, timeout]) : timeout;
  }

  /**
   * The SDK builds an address by URL rules, which can leave the container or name another blob. The address is taken
   * apart again, and refused unless it says exactly the name that was asked for.
   */
  #blob(name: string): BlockBlobClient {
    const fault = nameFault(name, MAX_BLOB_NAME);
    if (fault) throw new RefusedError('invalid-name', { detail: `The name is not usable: ${fault}.` });
    const client = this.#client.getBlockBlobClient(name);
    const root = new URL(this.#client.url).pathname;
    if (decodeURIComponent(new URL(client.url).pathname) !== decodeURIComponent(`${root}/`) + name) {
      throw new RefusedError('invalid-name', { detail: 'The name is not usable: storage would change it.' });
    }
    return client;
  }
}

/** What listing, reading and HEAD answer alike. */
interface AnsweredProperties {
  readonly etag?: string | undefined;
  readonly contentType?: string | undefined;
  readonly contentMD5?: Uint8Array | undefined;
  /** Content-MD5 of the whole blob, where a range was read. */
  readonly blobContentMD5?: Uint8Array | undefined;
  readonly lastModified?: Date | undefined;
  readonly copyStatus?: string | undefined;
  readonly accessTier?: string | undefined;
  readonly metadata?: { [name: string]: string } | undefined;
}

function listed({ name, metadata, properties: item }: BlobItem): ListedBlob {
  const { etag, contentType, contentMD5, lastModified, copyStatus, accessTier } = item;
  return {
    name,
    ...properties(
      { etag, contentType, contentMD5, lastModified, copyStatus, accessTier, metadata },
      item.contentLength,
    ),
  };
}

function properties(answer: AnsweredProperties, size: number | undefined): BlobProperties {
  const contentMd5 = answer.blobContentMD5 ?? answer.contentMD5;
  return {
    etag: unquoted(answer.etag),
    size: size ?? 0,
    contentType: answer.contentType ?? null,
    contentMd5: contentMd5 ? Buffer.from(contentMd5).toString('base64') : null,
    lastModified: answer.lastModified ?? new Date(0),
    isArchived: answer.accessTier === 'Archive',
    isCopying: answer.copyStatus === 'pending',
    metadata: Object.fromEntries(
      Object.entries(answer.metadata ?? {}).map(([key, value]) => [key.toLowerCase(), value]),
    ),
  };
}

/** HEAD and GET have quotes around an ETag, a listing has none. */
function unquoted(etag: string | undefined): string {
  return (etag ?? '').replace(/^(?:W\/)?"(.*)"$/, '$1');
}

function conditions(condition: WriteCondition): { ifNoneMatch?: string; ifMatch?: string } {
  if (condition === 'any') return {};
  return condition === 'new' ? { ifNoneMatch: '*' } : { ifMatch: `"${condition.etag}"` };
}

/** The blob's size, from `Content-Range: bytes 0-99/1234`. */
function totalLength({ contentRange, contentLength }: BlobDownloadResponseParsed): number {
  const total = contentRange?.split('/')[1];
  return total === undefined ? (contentLength ?? 0) : Number(total);
}

/** Reads the body to its end, or leaves it where no size is given, since the blob is larger than was wanted. */
async function readBody(answer: BlobDownloadResponseParsed, size: number | null): Promise<Uint8Array | null> {
  // In Node the SDK always gives a Node stream.
  const stream = answer.readableStreamBody as (NodeJS.ReadableStream & { destroy(): void }) | undefined;
  if (stream === undefined) return null;
  if (size === null) {
    stream.once('error', () => {});
    stream.destroy();
    return null;
  }
  const bytes = new Uint8Array(size);
  let offset = 0;
  for await (const chunk of stream) {
    // A binary stream's chunks are Buffers.
    bytes.set(chunk as Buffer, offset);
    offset += chunk.length;
  }
  if (offset !== size)
    throw new FailedError('storage-unavailable', { detail: 'The image came incompletely.' });
  return bytes;
}

function md5(bytes: Uint8Array): Uint8Array {
  return createHash('md5').update(bytes).digest();
}

function isBlobMissing(error: unknown): boolean {
  return error instanceof RestError && error.statusCode === 404 && codeOf(error) !== 'ContainerNotFound';
}

/** The answer to HEAD has no body to name it: there it is in a header alone. */
function codeOf({ code, response }: RestError): string {
  return code ?? response?.headers.get('x-ms-error-code') ?? '';
}

/** Not every 409 or 412 is a lost race: a blob may be leased, or its container on the way out. */
function isConflict(error: unknown): boolean {
  return error instanceof RestError && CONFLICTS.has(codeOf(error));
}

function isLeased(error: unknown): boolean {
  return error instanceof RestError && error.statusCode === 412 && /^LeaseId/.test(codeOf(error));
}

function rethrow(error: unknown): never {
  if (error instanceof RefusedError || error instanceof FailedError) throw error;
  if (isLeased(error)) {
    throw new FailedError('storage-unavailable', {
      detail: 'The blob is leased by another program.',
      cause: error,
    });
  }
  throw new FailedError('storage-unavailable', { cause: error });
}
