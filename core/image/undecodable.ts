import { RefusedError } from '../errors.ts';
import type { ImageFormat } from './image.ts';

/**
 * The refusal for an image whose decoder gave up. Its words are for the log only, and prove nothing: libvips keeps one error
 * text per process, so with two decodes at once one may get the other's.
 */
export function undecodable(format: ImageFormat, cause: unknown): RefusedError {
  const name = format === 'webp' ? 'WebP' : format.toUpperCase();
  return new RefusedError('image-corrupt', { detail: `The ${name} data cannot be decoded.`, cause });
}
