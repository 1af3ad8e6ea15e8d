import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { MemoryBlobs } from '../../../memory/memory-blobs.ts';
import { SimulatedClock } from '../../../simulated-clock.ts';
import { actions } from './actions.ts';
import { EXAMPLES } from './examples.ts';
import { faultsOf } from './run-of.ts';

const RUNS = process.env.LONG ? 20_000 : 1_000;

test(
  'I1–I7, B1–B6, B17, B18, S1, S2, S4, P1, P2, P4, P5, T1, T3: whatever happens, all ends as it is promised',
  async () => {
    await fc.assert(
      fc.asyncProperty(actions(40), async (happening) => {
        const clock = new SimulatedClock();
        const images = new MemoryBlobs(clock, 'images');
        const storage = {
          images,
          state: new MemoryBlobs(clock, 'prompt-state'),
          touch: async (name: string) => images.touch(name),
          archive: async (name: string) => images.mark(name, { isArchived: true }),
        };
        expect(await faultsOf(happening, clock, storage)).toEqual([]);
      }),
      { numRuns: RUNS, examples: EXAMPLES },
    );
  },
  RUNS * 100,
);
