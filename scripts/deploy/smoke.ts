import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { SYSTEM_CLOCK } from '../../core/clock.ts';
import { parseConfig } from '../../core/config.ts';
import { AzureBlobs, connectStorage } from '../../core/store/azure-blobs.ts';
import { smokeTest } from './smoke-test.ts';

/**
 * Drops one image where the deployed program looks for them, and waits for its prompt. Storage comes from the settings of
 * the program itself (STORAGE, or STORAGE__blobServiceUri with whoever is signed in). Ends with 0 once the prompt is there,
 * with 1 on an error JSON or after the deadline. What it dropped and what was written beside it are removed in any case.
 */

/** No others: whoever deploys has variables that look like settings of the program, and are parameters of Bicep. */
const READ = [
  'STORAGE',
  'STORAGE__blobServiceUri',
  'STORAGE__queueServiceUri',
  'STORAGE__clientId',
  'IMAGES_CONTAINER',
  'IMAGES_PREFIX',
] as const;

const stop = new AbortController();
process.once('SIGINT', () => stop.abort()).once('SIGTERM', () => stop.abort());
const { values } = parseArgs({ options: { seconds: { type: 'string', default: '300' } } });
const config = parseConfig(settings());
if (config.storage === null) throw new Error('parseConfig requires a storage');
const service = await connectStorage(config.storage);
const result = await smokeTest({
  blobs: new AzureBlobs(service.getContainerClient(config.IMAGES_CONTAINER)),
  name: `${config.IMAGES_PREFIX}smoke-test/${randomUUID()}.png`,
  bytes: await picture(),
  deadlineMs: Number(values.seconds) * 1_000,
  clock: SYSTEM_CLOCK,
  signal: stop.signal,
});
console.log(result.text);
process.exitCode = result.isDescribed ? 0 : 1;

/** An output of a step that was not set is an empty variable, which is an absent setting. */
function settings(): Record<string, string> {
  return Object.fromEntries(READ.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

/** Content that nobody paid for before: a new picture each time shows that Vision answers, too. */
async function picture(): Promise<Uint8Array> {
  const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const;
  return sharp({ create: { width: 256, height: 192, channels: 3, background: '#888', noise } })
    .png()
    .toBuffer();
}
