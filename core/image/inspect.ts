import { RefusedError } from '../errors.ts';
import { decoding } from './decoding.ts';
import { readEmbedded } from './embedded/read-embedded.ts';
import { readExif } from './exif.ts';
import { forDecoder } from './for-decoder.ts';
import { readHeader } from './header.ts';
import type { ImageFormat, ImageLimits, InspectedImage } from './image.ts';
import { sniffImage } from './sniff.ts';

/** Pixels. Vision services accept nothing smaller. */
const MIN_SIDE = 50;

/** At this ratio an image shrunk to a longest side of 2048 pixels still has `MIN_SIDE` on the other. */
const MAX_ASPECT_RATIO = 40;

/**
 * What an image's header and metadata say, at hardly more than the cost of reading the header.
 * @throws RefusedError `empty-image`, `image-too-large`, `unsupported-image`, `image-corrupt`, `image-too-many-pixels`,
 * `image-aspect-ratio`, `image-too-small`; in this order, before any pixel is decoded
 */
export async function inspectImage(bytes: Uint8Array, limits: ImageLimits): Promise<InspectedImage> {
  if (bytes.length === 0) throw new RefusedError('empty-image');
  if (bytes.length > limits.maxBytes) {
    const detail = `It has ${bytes.length} bytes; at most ${limits.maxBytes} are read.`;
    throw new RefusedError('image-too-large', { detail });
  }
  const sniffed = sniffImage(bytes);
  if ('refused' in sniffed) throw new RefusedError('unsupported-image', { detail: sniffed.refused });

  return decoding(() => readAll(bytes, sniffed.format, limits));
}

async function readAll(bytes: Uint8Array, format: ImageFormat, limits: ImageLimits): Promise<InspectedImage> {
  const { frames, bytes: readable } = forDecoder(bytes, format);
  const header = await readHeader(readable, format);
  const { width, height } = header.autoOrient;
  refuseSize(width, height, limits);
  return {
    format,
    bytes: bytes.length,
    width,
    height,
    exifOrientation: header.orientation ?? 1,
    frames: frames ?? header.pages ?? 1,
    ...readExif(header.exif),
    ...(await readEmbedded(bytes, format, header)),
  };
}

function refuseSize(width: number, height: number, { maxPixels }: ImageLimits): void {
  const size = `It is ${width} x ${height} pixels`;
  if (width * height > maxPixels) {
    throw new RefusedError('image-too-many-pixels', {
      detail: `${size}; at most ${maxPixels} pixels are decoded.`,
    });
  }
  if (Math.max(width, height) > MAX_ASPECT_RATIO * Math.min(width, height)) {
    const detail = `${size}; one side may be at most ${MAX_ASPECT_RATIO} times the other.`;
    throw new RefusedError('image-aspect-ratio', { detail });
  }
  if (Math.min(width, height) < MIN_SIDE) {
    throw new RefusedError('image-too-small', { detail: `${size}; each side needs at least ${MIN_SIDE}.` });
  }
}
