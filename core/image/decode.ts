import type { Sharp } from 'sharp';
import { RefusedError } from '../errors.ts';
import { DecodeMemory } from './decode-memory.ts';
import { forDecoder } from './for-decoder.ts';
import { readHeader } from './header.ts';
import { decodeLimit, needOf } from './held-bytes.ts';
import type { Raster } from './image.ts';
import { jpegEnd, withEnd } from './jpeg-end.ts';
import { FAIL_ON, sharp } from './sharp.ts';
import { sniffImage } from './sniff.ts';
import { undecodable } from './undecodable.ts';

export interface DecodeOptions {
  /** Longest side of the raster, in pixels; a smaller image keeps its size. */
  readonly maxSide: number;
  readonly maxPixels: number;
  /** Of memory, for all decodes at once; a share of the host's where it is absent. */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
}

/** An upright JPEG without any metadata. */
export interface Jpeg {
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Good enough for a vision service, at about a tenth of the bytes of quality 95. */
const JPEG_QUALITY = 80;

/** A thumbnail of 512 pixels has about 30 kB. */
const WEBP_QUALITY = 75;

const memory = new DecodeMemory();

/**
 * Decodes an image that `inspectImage` accepted: its first frame, upright, as sRGB. The decoder shrinks while it reads
 * where the format allows it.
 * @throws RefusedError `image-truncated` for a JPEG that ends among its pixels, otherwise `image-corrupt`;
 * `image-too-many-pixels` where decoding would take too much memory; `unsupported-image` for bytes that were not inspected
 */
export async function decodeImage(bytes: Uint8Array, options: DecodeOptions): Promise<Raster> {
  const { data, info } = await decode(bytes, options, (image) => image.raw());
  return { data, width: info.width, height: info.height };
}

/**
 * The same decode, straight to what a vision service is sent: the raster in between is never held in memory.
 * @throws RefusedError as `decodeImage` does
 */
export async function shrinkToJpeg(bytes: Uint8Array, options: DecodeOptions): Promise<Jpeg> {
  const { data, info } = await decode(bytes, options, (image) => image.jpeg({ quality: JPEG_QUALITY }));
  return { bytes: data, width: info.width, height: info.height };
}

/**
 * The same decode, to a small WebP without any metadata.
 * @throws RefusedError as `decodeImage` does
 */
export async function shrinkToWebp(bytes: Uint8Array, options: DecodeOptions): Promise<Uint8Array> {
  const { data } = await decode(bytes, options, (image) => image.webp({ quality: WEBP_QUALITY }));
  return data;
}

interface Decoded {
  readonly data: Buffer;
  readonly info: { readonly width: number; readonly height: number };
}

type Output = (image: Sharp) => Sharp;

async function decode(bytes: Uint8Array, options: DecodeOptions, output: Output): Promise<Decoded> {
  options.signal?.throwIfAborted();
  const sniffed = sniffImage(bytes);
  if ('refused' in sniffed) throw new RefusedError('unsupported-image', { detail: sniffed.refused });
  const { format } = sniffed;
  const open = format === 'jpeg' && jpegEnd(bytes) === 'open';
  const { maxBytes = decodeLimit(options.maxPixels) } = options;
  const { bytes: readable } = forDecoder(bytes, format);
  const need = needOf(await readHeader(readable, format), format, maxBytes);
  const decoded = await memory.hold(need, async () => {
    options.signal?.throwIfAborted();
    const decoding = open ? decodeOpenJpeg(bytes, options, output) : run(readable, options, output, FAIL_ON);
    return decoding.catch((error) => {
      throw error instanceof RefusedError ? error : undecodable(format, error);
    });
  });
  options.signal?.throwIfAborted();
  return decoded;
}

function run(
  bytes: Uint8Array,
  { maxSide, maxPixels }: DecodeOptions,
  output: Output,
  failOn: 'error' | 'warning',
): Promise<Decoded> {
  const upright = sharp(bytes, { failOn, limitInputPixels: maxPixels })
    .autoOrient()
    .resize({ width: maxSide, height: maxSide, fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb');
  return output(upright).toBuffer({ resolveWithObject: true });
}

/**
 * Some programs leave out the two bytes that end a JPEG, and browsers show the image. To libjpeg that is the same as one
 * cut in half: both run out of bytes. With the end put back, the whole image decodes without a warning, while a cut one
 * meets the end among its pixels, which is a warning. (Shrunk, libjpeg never looks at the last few rows.)
 */
async function decodeOpenJpeg(bytes: Uint8Array, options: DecodeOptions, output: Output): Promise<Decoded> {
  return run(withEnd(bytes), options, output, 'warning').catch((cause: unknown) => {
    throw new RefusedError('image-truncated', { detail: 'The JPEG data ends before the image does.', cause });
  });
}

/** The raster with its longest side shrunk to `maxSide` pixels; itself where it is not longer. */
export async function shrinkRaster(raster: Raster, maxSide: number): Promise<Raster> {
  if (Math.max(raster.width, raster.height) <= maxSide) return raster;
  const raw = { width: raster.width, height: raster.height, channels: 3 } as const;
  const { data, info } = await sharp(raster.data, { raw })
    .resize({ width: maxSide, height: maxSide, fit: 'inside' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}
