import { describe, expect, test } from '@jest/globals';
import { isFinished } from '../../../core/batch/record.ts';
import { cancelBatch } from '../../../core/batch/turns.ts';
import { promptName } from '../../../core/store/names.ts';
import { faultsOf, Workplace } from './workplace.ts';

const IMAGES = 1_000;

async function dropAll(place: Workplace, count = IMAGES): Promise<void> {
  for (let number = 0; number < count; number++) await place.drop(nameOf(number));
}

const nameOf = (number: number) => `in/${`${number}`.padStart(4, '0')}.jpg`;
const isEnded = (place: Workplace, id: string) => async () => isFinished(await place.record(id));

describe(`a batch of ${IMAGES} images`, () => {
  test('describes all of them, its progress moves, and it is told once when it ends', async () => {
    const place = new Workplace();
    await dropAll(place);
    const id = await place.start();
    const seen: number[] = [];
    await place.during(() =>
      place.until(async () => {
        const record = await place.record(id);
        expect(faultsOf(record)).toEqual([]);
        seen.push(record.counts.described);
        return isFinished(record);
      }),
    );
    const record = await place.record(id);
    expect(record).toMatchObject({ status: 'completed', visionCalls: IMAGES, todo: [], waitingUntil: null });
    expect(record.counts).toMatchObject({ listed: IMAGES, described: IMAGES, remaining: 0 });
    // At 40 images a second, and looked at four times in each: no long silence, and no step back.
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(new Set(seen).size).toBeGreaterThan(15);
    expect(await place.blobs.head(promptName(nameOf(999)))).not.toBeNull();
    expect(place.told.map((told) => [told.id, told.status])).toEqual([[id, 'completed']]);
    expect(await place.events.length()).toBe(0);
  });

  test('ends within five seconds when it is cancelled, with nothing begun left behind', async () => {
    const place = new Workplace();
    place.latencyMs = 20_000;
    await dropAll(place);
    const id = await place.start();
    await place.during(async () => {
      await place.until(async () => (await place.record(id)).counts.listed > 0);
      await place.sleep(25_000);
      const asked = await cancelBatch(id, place.batching());
      expect(asked?.status).toBe('cancelling');
      const from = place.clock.elapsed();
      await place.until(isEnded(place, id));
      expect(place.clock.elapsed() - from).toBeLessThanOrEqual(5_000);
    });
    const record = await place.record(id);
    expect(record.status).toBe('cancelled');
    expect(faultsOf(record)).toEqual([]);
    expect(record.counts).toMatchObject({ listed: 1_000, described: 4, remaining: 996 });
    const { blobs: analyses } = await place.state.page({ prefix: 'analysis/', size: 5_000 });
    expect(analyses.filter(({ metadata }) => metadata.state === 'claim')).toEqual([]);
    expect(place.told).toHaveLength(1);
    expect(await place.events.length()).toBe(0);
  });

  test('counts each image once although its worker dies in the middle, and pays for none twice', async () => {
    const place = new Workplace();
    await dropAll(place);
    const id = await place.start();
    let writes = 0;
    // Dead is who gets no answer any more: the write of the prompt that comes then has happened.
    const dying = place.worker(({ operation, target }) => {
      if (operation === 'write' && target === 'images') writes++;
      if (writes < 400) return 'ok';
      return writes === 400 ? 'dies-after' : 'dies';
    });
    void dying.run(new AbortController().signal);
    await place.during(() => place.until(async () => writes >= 400), []);
    await place.during(() => place.until(isEnded(place, id)));
    const record = await place.record(id);
    expect(writes).toBeGreaterThanOrEqual(400);
    expect(record.status).toBe('completed');
    expect(faultsOf(record)).toEqual([]);
    const { described, unchanged } = record.counts;
    expect(described + unchanged).toBe(IMAGES);
    // What the dead one had done and not noted: no more than a second's.
    expect(unchanged).toBeLessThan(60);
    expect(new Set(place.paid).size).toBe(place.paid.length);
    expect(await place.events.length()).toBe(0);
  });
});
