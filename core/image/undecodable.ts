import { RefusedError } from '../errors.ts';
import type { ImageFormat } from './image.ts';

/**
 * The refusal for an image whose decoder gave up. Its words are for the log only, and prove nothing: libvips keeps one error
 * text per process, so with two decodes at once one may get the other's.
 */
export function undecodable(format: ImageFormat, cause: unknown): RefusedError {
  return new RefusedError('image-corrupt', {
    detail: `The ${nameOf(format)} data cannot be decoded.`,
    cause,
  });
}

/** As people write it. */
export function nameOf(format: ImageFormat): string {
  return format === 'webp' ? 'WebP' : format.toUpperCase();
}
