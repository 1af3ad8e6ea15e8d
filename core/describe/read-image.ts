import { RefusedError } from '../errors.ts';
import type { ImageLimits } from '../image/image.ts';
import type { Blobs } from '../store/blobs.ts';
import { isDirectory } from '../store/names.ts';

/** An image that is there, but whose bytes cannot or need not be had. */
export class UnreadableImage {
  readonly etag: string;
  readonly reason: RefusedError;

  constructor(etag: string, reason: RefusedError) {
    this.etag = etag;
    this.reason = reason;
  }
}

interface ImageBytes {
  /** Of the very version that was read. */
  readonly etag: string;
  readonly bytes: Uint8Array;
  /** Milliseconds since it was last changed, by the service's clock. */
  readonly age: number;
  /** Its content is still on the way. */
  readonly isCopying: boolean;
}

/** Step 2 of describing: the image in one request that is bounded by `maxBytes`; null where there is none. */
export async function readImage(
  name: string,
  blobs: Blobs,
  { maxBytes }: ImageLimits,
  signal: AbortSignal,
): Promise<ImageBytes | UnreadableImage | null> {
  const image = await blobs.read(name, { maxBytes, signal }).catch(refusal);
  if (image instanceof RefusedError) {
    const properties = await blobs.head(name, signal);
    return properties && new UnreadableImage(properties.etag, image);
  }
  if (image === null || isDirectory(image.metadata)) return null;
  const { etag, size, bytes, isCopying } = image;
  const age = Math.max(0, image.servedAt.getTime() - image.lastModified.getTime());
  if (isCopying) return { etag, age, isCopying, bytes: bytes ?? new Uint8Array() };
  if (size === 0) return new UnreadableImage(etag, new RefusedError('empty-image'));
  if (bytes === null) {
    const detail = `It has ${size} bytes; at most ${maxBytes} are read.`;
    return new UnreadableImage(etag, new RefusedError('image-too-large', { detail }));
  }
  return { etag, age, bytes, isCopying };
}

/** A refusal becomes a value, since it is an answer; everything else stays an error. */
function refusal(error: unknown): RefusedError {
  if (error instanceof RefusedError) return error;
  throw error;
}
