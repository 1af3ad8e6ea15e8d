import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type BatchRecord, isFinished } from '../../../core/batch/record.ts';
import { cancelBatch } from '../../../core/batch/turns.ts';
import { promptName } from '../../../core/store/names.ts';
import type { Decide, Fate } from '../../memory/faults.ts';
import { faultsOf, Workplace } from './workplace.ts';

/** Fewer than would make a step fail so often that its batch is given up. */
const MAX_FATES = 4;

interface Story {
  readonly images: number;
  readonly maxParallel: number;
  /** What becomes of the calls of storage of each worker, by their number. */
  readonly workers: readonly (readonly { readonly at: number; readonly fate: Fate }[])[];
  /** Milliseconds until it is cancelled; null where it is not. */
  readonly cancelAt: number | null;
  /** Messages of its step beside the first: as if that had come back while it was worked on. */
  readonly duplicates: number;
}

const fate = fc.record({
  at: fc.integer({ min: 1, max: 400 }),
  fate: fc.constantFrom<Fate>('fails', 'repeated', 'lost', 'dies', 'dies-after'),
});

const story: fc.Arbitrary<Story> = fc.record({
  images: fc.integer({ min: 0, max: 40 }),
  maxParallel: fc.integer({ min: 1, max: 8 }),
  workers: fc.array(fc.array(fate, { maxLength: MAX_FATES / 2 }), { minLength: 1, maxLength: 2 }),
  cancelAt: fc.option(fc.integer({ min: 0, max: 60_000 }), { freq: 3 }),
  duplicates: fc.integer({ min: 0, max: 2 }),
});

/** Calls have the fates of the story, and none is answered after a death. */
function fated(fates: Story['workers'][number]): { readonly decide: Decide; isDead(): boolean } {
  let calls = 0;
  let isDead = false;
  return {
    isDead: () => isDead,
    decide() {
      if (isDead) return 'dies';
      calls++;
      const { fate: own = 'ok' } = fates.find(({ at }) => at === calls) ?? {};
      isDead = own === 'dies' || own === 'dies-after';
      return own;
    },
  };
}

async function live(place: Workplace, { images, maxParallel, workers, cancelAt, duplicates }: Story) {
  for (let number = 0; number < images; number++) await place.drop(`${number}.jpg`);
  const id = await place.start({ maxParallel });
  for (let number = 0; number < duplicates; number++) await place.again(id);
  const stop = new AbortController();
  const begun = workers.map((fates) => {
    const { decide, isDead } = fated(fates);
    return { isDead, running: place.worker(decide).run(stop.signal) };
  });
  const records: BatchRecord[] = [];
  const act = async () => {
    const from = place.clock.elapsed();
    let isCancelled = false;
    await place.until(async () => {
      const now = place.clock.elapsed() - from;
      if (cancelAt !== null && now >= cancelAt && !isCancelled) {
        isCancelled = true;
        await cancelBatch(id, place.batching());
      }
      const record = await place.record(id);
      records.push(record);
      const isQuiet = isFinished(record) && (await place.events.length()) === 0;
      // Someone who lives comes later.
      if (now > 30_000 && begun.length === workers.length) {
        begun.push({ isDead: () => false, running: place.worker().run(stop.signal) });
      }
      return isQuiet;
    });
    stop.abort();
    await Promise.all(begun.flatMap(({ isDead, running }) => (isDead() ? [] : [running])));
  };
  await place.clock.runUntilSettled(act());
  return { id, records };
}

test('whatever dies, fails or comes twice, a batch ends, its counts add up at any time, and nothing is counted twice', async () => {
  await fc.assert(
    fc.asyncProperty(story, async (told) => {
      const place = new Workplace();
      const { id, records } = await live(place, told);
      for (const record of records) expect(faultsOf(record)).toEqual([]);
      const { status, counts, visionCalls } = await place.record(id);
      expect(['completed', ...(told.cancelAt === null ? [] : ['cancelled'])]).toContain(status);
      const done = counts.described + counts.unchanged + counts.deferred;
      expect(done + counts.failed + counts.remaining).toBe(counts.listed);
      if (status === 'completed') {
        expect(counts).toMatchObject({ listed: told.images, remaining: 0 });
        const prompts = await Promise.all(
          Array.from({ length: told.images }, (_, number) => place.blobs.head(promptName(`${number}.jpg`))),
        );
        expect(prompts.filter(Boolean)).toHaveLength(told.images - counts.failed);
      }
      // Who dies, or does not hear that its claim was written, leaves one for each image in flight.
      const fates = told.workers.flat().length;
      expect(place.paid.length).toBeLessThanOrEqual(told.images + fates * told.maxParallel);
      expect(visionCalls).toBeLessThanOrEqual(place.paid.length);
      if (fates + told.duplicates === 0) expect(visionCalls).toBe(place.paid.length);
      const deaths = told.workers.flat().filter(({ fate: own }) => own.startsWith('dies')).length;
      // Two that see the end in the same moment both tell of it.
      expect(place.told.length).toBeLessThanOrEqual(1 + fates + told.duplicates);
      expect(place.told.length + deaths).toBeGreaterThan(0);
    }),
    { numRuns: process.env.LONG ? 2_000 : 150 },
  );
}, 600_000);
