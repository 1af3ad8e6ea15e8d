import type { Metadata } from 'sharp';
import type { ImageFormat } from './image.ts';
import { FAIL_ON, sharp } from './sharp.ts';
import { undecodable } from './undecodable.ts';

/**
 * What the header of an image says.
 * @param bytes as forDecoder leaves them
 * @throws RefusedError `image-corrupt`
 */
export async function readHeader(bytes: Uint8Array, format: ImageFormat): Promise<Metadata> {
  try {
    // The size is judged by who asks: libvips would report it in an error text.
    return await sharp(bytes, { failOn: FAIL_ON, limitInputPixels: false }).metadata();
  } catch (error) {
    throw undecodable(format, error);
  }
}
