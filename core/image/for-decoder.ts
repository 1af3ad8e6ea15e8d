import { avifWithoutSequence } from './avif-without-sequence.ts';
import type { ImageFormat } from './image.ts';
import { pngWithoutTexts } from './png-without-texts.ts';
import { webpFirstFrames } from './webp-first-frames.ts';

export interface ForDecoder {
  readonly bytes: Uint8Array;
  /** Where the decoder is not given all of them. */
  readonly frames?: number;
}

/**
 * An image without what would keep the decoder busy for nothing; every call of sharp gets it so.
 * @throws RefusedError `image-corrupt`
 */
export function forDecoder(bytes: Uint8Array, format: ImageFormat): ForDecoder {
  if (format === 'png') return { bytes: pngWithoutTexts(bytes) };
  if (format === 'avif') return { bytes: avifWithoutSequence(bytes) };
  return format === 'webp' ? webpFirstFrames(bytes) : { bytes };
}
