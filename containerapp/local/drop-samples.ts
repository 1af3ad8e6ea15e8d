import type { Blobs } from '../../core/store/blobs.ts';
import { sampleImages } from '../samples/index.ts';

/** Drops four images, as a person would, so that there is something to see at once. */
export async function dropSamples(blobs: Blobs, prefix: string, signal: AbortSignal): Promise<void> {
  try {
    for await (const { name, bytes, contentType } of sampleImages(signal)) {
      await blobs.write(prefix + name, bytes, { contentType, condition: 'new' });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
