import { SYSTEM_CLOCK } from '../../../../core/clock.ts';
import { DeferredError } from '../../../../core/errors.ts';
import { AzureBlobs, connectStorage } from '../../../../core/store/azure-blobs.ts';
import { azureVision } from '../../../../core/vision/azure-vision/azure-vision.ts';
import { byResourceKey } from '../../../../core/vision/azure-vision/client.ts';
import { guardVision } from '../../../../core/vision/guard/guard.ts';
import { picture } from '../picture.ts';

/**
 * A program of its own: has images analysed, four at a time, until the day's calls are spent.
 * Arguments: connection string, container, endpoint, key, limit.
 */
const [connectionString = '', container = '', endpoint = '', key = '', limit = ''] = process.argv.slice(2);
const service = await connectStorage({ connectionString });
const blobs = new AzureBlobs(service.getContainerClient(container));
/** Noon of a fixed day, so that no run meets midnight. */
const started = Date.UTC(2026, 0, 1, 12) - performance.now();
const vision = guardVision(azureVision({ endpoint: new URL(endpoint), authorize: byResourceKey(key) }), {
  callsPerSecond: 1_000,
  attemptMs: 30_000,
  daily: { limit: Number(limit), blobs },
  clock: { ...SYSTEM_CLOCK, now: () => started + performance.now() },
});
const jpeg = await picture().jpeg();
const image = { width: 400, height: 200, jpeg: async () => jpeg };
const { signal } = new AbortController();

async function spend(): Promise<Date> {
  for (;;) {
    try {
      await vision.analyze(image, { features: ['caption'], language: 'en', signal });
    } catch (error) {
      if (error instanceof DeferredError && error.code === 'vision-limit-spent') return error.until;
      throw error;
    }
  }
}

const untils = await Promise.all([spend(), spend(), spend(), spend()]);
console.log(untils[0]?.toISOString());
