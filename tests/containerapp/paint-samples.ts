import { parentPort } from 'node:worker_threads';
import { type SampleImage, sampleImages } from '../../containerapp/samples/index.ts';

/** The body of a worker thread: answers with the sample images and ends. */
const images: SampleImage[] = [];
for await (const image of sampleImages()) images.push(image);
parentPort?.postMessage(images);
