import type { Blobs } from '../../core/store/blobs.ts';
import { sampleImages } from '../samples/index.ts';

/** Drops four images, as a person would, so that there is something to see at once. */
export async function dropSamples(blobs: Blobs, prefix: string, signal: AbortSignal): Promise<void> {
  for await (const { name, bytes, contentType } of sampleImages()) {
    if (signal.aborted) return;
    await blobs.write(prefix + name, bytes, { contentType, condition: 'new' });
  }
}
