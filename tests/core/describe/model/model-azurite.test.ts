import type { BlobServiceClient } from '@azure/storage-blob';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { AzureBlobs, connectStorage } from '../../../../core/store/azure-blobs.ts';
import { startAzurite } from '../../../azurite.ts';
import { SimulatedClock } from '../../../simulated-clock.ts';
import { actions } from './actions.ts';
import { datedBlobs } from './dated-blobs.ts';
import { EXAMPLES } from './examples.ts';
import { faultsOf } from './run-of.ts';
import type { Storage } from './world.ts';

const RUNS = process.env.LONG ? 300 : 25;

let azurite: Awaited<ReturnType<typeof startAzurite>>;
let service: BlobServiceClient;
let containers = 0;

beforeAll(async () => {
  azurite = await startAzurite();
  service = await connectStorage({ connectionString: azurite.connectionString });
});
afterAll(() => azurite.close());

/** The queues stay in memory: how long a real one hides a message cannot be set. */
async function storageOf(clock: SimulatedClock): Promise<Storage> {
  const run = ++containers;
  const client = service.getContainerClient(`images-${run}`);
  const images = new AzureBlobs(client);
  const state = new AzureBlobs(service.getContainerClient(`state-${run}`));
  await Promise.all([images.create(), state.create()]);
  return {
    images: datedBlobs(images, clock),
    state: datedBlobs(state, clock),
    touch: (name) => client.getBlobClient(name).setMetadata({ touched: 'x' }),
    archive: (name) => client.getBlobClient(name).setAccessTier('Archive'),
  };
}

test(
  'I1–I7: it ends as it is promised over real storage, too',
  async () => {
    await fc.assert(
      fc.asyncProperty(actions(20), async (happening) => {
        const clock = new SimulatedClock();
        expect(await faultsOf(happening, clock, await storageOf(clock))).toEqual([]);
      }),
      { numRuns: RUNS, examples: EXAMPLES, endOnFailure: true },
    );
  },
  RUNS * 4_000,
);
