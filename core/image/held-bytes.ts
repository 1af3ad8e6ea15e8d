import { totalmem } from 'node:os';
import type { Metadata } from 'sharp';
import { RefusedError } from '../errors.ts';
import type { DecodeNeed } from './decode-memory.ts';
import type { ImageFormat } from './image.ts';
import { nameOf } from './undecodable.ts';

/** At this, 50 megapixels are decoded in a host of 512 MiB; whoever allows larger images has the memory they take. */
const LEAST_PER_PIXEL = 6.4;
const LEAST_PIXELS = 50_000_000;

/** The rest is for the program, its libraries and the bodies of requests. */
const SHARE_OF_HOST = 0.55;

/** The largest of any format fits, and two of them in a Function of 2048 MB, wherever its limit cannot be read. */
const MOST_BYTES = 1_000_000_000;

/** Rows that libvips keeps of an image that is decoded row by row; they hardly depend on how far it is shrunk. */
const KEPT_ROWS = 2_048;

const SAMPLE_BYTES: Readonly<Record<Metadata['depth'], number>> = {
  uchar: 1,
  char: 1,
  ushort: 2,
  short: 2,
  uint: 4,
  int: 4,
  float: 4,
  double: 8,
  complex: 8,
  dpcomplex: 16,
};

type Header = Pick<Metadata, 'width' | 'height' | 'channels' | 'depth' | 'isProgressive'>;

/**
 * What all decodes at once may take, in bytes.
 * @param host its memory in bytes
 */
export function decodeLimit(maxPixels: number, host = memoryOfHost()): number {
  const least = LEAST_PER_PIXEL * Math.max(maxPixels, LEAST_PIXELS);
  return Math.max(least, Math.min(SHARE_OF_HOST * host, MOST_BYTES));
}

/** The container's, where it has a limit. */
function memoryOfHost(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

/**
 * What decoding takes.
 * @param limit of all decodes at once, in bytes
 * @throws RefusedError `image-too-many-pixels` where it alone would take more
 */
export function needOf(header: Header, format: ImageFormat, limit: number): DecodeNeed {
  const { width, height } = header;
  const bytes = Math.ceil(heldBytes(header, format));
  if (bytes <= limit) return { bytes, limit };
  const takes = `to decode this ${nameOf(format)} takes ${megabytes(bytes)}`;
  throw new RefusedError('image-too-many-pixels', {
    detail: `It is ${width} x ${height} pixels; ${takes}, and this host has ${megabytes(limit)} for all that are decoded at once.`,
  });
}

/**
 * How much memory a decoder takes at most, in bytes, as the header tells: a file of a kilobyte can take a gigabyte. The
 * factors are measured with libvips 8.18, and a test holds them to it.
 */
export function heldBytes(
  { width, height, channels, depth, isProgressive }: Header,
  format: ImageFormat,
): number {
  const pixels = width * height;
  const raster = pixels * channels * SAMPLE_BYTES[depth];
  switch (format) {
    case 'jpeg':
      // With more scans than one, whether progressive or not, libjpeg keeps two bytes for each sample until the last.
      return isProgressive ? 2.1 * raster : rows(raster, height);
    case 'png':
      // Of an interlaced one every pass covers all of it.
      return isProgressive ? 1.2 * raster : rows(raster, height);
    case 'tiff':
      // The header does not tell how large tiles and the strips of planes are.
      return 1.6 * raster;
    case 'gif':
      return 5.4 * pixels;
    case 'webp':
      // As lossless ones take, which the header does not tell from others.
      return 4.4 * pixels;
    case 'avif':
      // Most of it is what libaom notes of each block of 4 x 4 pixels.
      return (SAMPLE_BYTES[depth] === 1 ? 19 : 26) * pixels;
  }
}

function rows(raster: number, height: number): number {
  return raster * Math.min(1, KEPT_ROWS / height);
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1_000_000)} MB`;
}
