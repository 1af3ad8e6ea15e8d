import { parentPort } from 'node:worker_threads';
import { paintSamples } from './paint.ts';

/** The body of the thread that `sampleImages` starts. */
for await (const image of paintSamples()) parentPort?.postMessage(image);
