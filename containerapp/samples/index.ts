import { on } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { SampleImage } from './paint.ts';

export type { SampleImage } from './paint.ts';

/**
 * Four pictures, each as soon as it is painted; the same bytes every time. They are painted in a thread of their own,
 * since that takes a second in all, in which a server could do nothing else.
 */
export async function* sampleImages(signal: AbortSignal): AsyncGenerator<SampleImage, void> {
  const worker = new Worker(new URL('./painter.ts', import.meta.url));
  try {
    // What the thread posts are the images, and an error in it ends the loop with that error.
    for await (const [image] of on(worker, 'message', { signal, close: ['exit'] })) yield image;
  } finally {
    await worker.terminate();
  }
}
