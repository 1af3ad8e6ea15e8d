import { buffer } from 'node:stream/consumers';
import { createVision } from '../../../core/vision/create.ts';
import { AMPLE_MS } from '../../until.ts';

/** A program of its own: analyses the JPEG on its input and prints the caption. Arguments: endpoint and key. */
const [endpoint = '', key] = process.argv.slice(2);
const jpeg = await buffer(process.stdin);
const analysis = await createVision({ provider: 'azure-vision', endpoint, key }).analyze(
  { width: 400, height: 200, jpeg: async () => jpeg },
  { features: ['caption'], language: 'en', signal: AbortSignal.timeout(AMPLE_MS) },
);
console.log(analysis.caption?.text);
