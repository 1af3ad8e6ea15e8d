import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addPage, addResults, finished, type ItemResult } from '../../../core/batch/progress.ts';
import { type BatchRecord, newBatch } from '../../../core/batch/record.ts';
import { SimulatedClock } from '../../simulated-clock.ts';

const BILLING = { featuresPerCall: 4, costPerCall: 0.0055 };
const clock = new SimulatedClock();
const options = {
  ...{ prefix: '', targets: null, force: false, stale: false, maxParallel: 4, dryRun: false },
};
const fresh = newBatch('0'.repeat(32), options, new Date(clock.now()).toISOString());

function pageOf(page: number, names: readonly string[], marker: string | null) {
  const counts = { listed: names.length + 3, unchanged: 2, skipped: 1, remaining: names.length, reused: 0 };
  return { page, marker, todo: names, counts, visionCalls: 0 };
}

const result = (name: string): fc.Arbitrary<ItemResult> =>
  fc.record({
    name: fc.constant(name),
    count: fc.constantFrom('described', 'unchanged', 'refused', 'failed', 'deferred', 'gone'),
    ...{ isReused: fc.constant(false), calls: fc.integer({ min: 0, max: 3 }) },
  });

describe('the record of a batch', () => {
  test('counts a page and a result once, in whatever portions and however often they are told', () => {
    const names = Array.from({ length: 12 }, (_, number) => `${number}.jpg`);
    const results = fc.tuple(...names.map(result));
    const portions = fc.array(fc.subarray(names), { maxLength: 8 });
    fc.assert(
      fc.property(results, portions, (all, told) => {
        let record: BatchRecord = fresh;
        for (const _ of [1, 2]) record = addPage(record, pageOf(0, names, null), BILLING);
        for (const portion of told) {
          record = addResults(
            record,
            all.filter(({ name }) => portion.includes(name)),
            BILLING,
          );
        }
        const counted = all.filter(({ name }) => told.some((portion) => portion.includes(name)));
        const paid = counted.reduce((sum, { calls }) => sum + calls, 0);
        expect(record.counts).toMatchObject({ listed: 15, unchanged: expect.any(Number), skipped: 1 });
        expect(record.todo).toEqual(names.filter((name) => !counted.some((one) => one.name === name)));
        expect(record.counts.remaining).toBe(record.todo.length);
        expect([record.visionCalls, record.billedFeatures]).toEqual([paid, paid * 4]);
        for (const count of ['described', 'refused', 'failed', 'deferred', 'gone'] as const) {
          expect(record.counts[count]).toBe(counted.filter((one) => one.count === count).length);
        }
      }),
    );
  });

  test('knows the pages apart by their number, not by where they begin', () => {
    const first = addPage(fresh, pageOf(0, ['a.jpg'], 'm'), BILLING);
    expect(addPage(first, pageOf(0, ['a.jpg'], 'm'), BILLING)).toBe(first);
    const second = addPage(first, pageOf(1, ['b.jpg'], null), BILLING);
    expect(second).toMatchObject({ todo: ['a.jpg', 'b.jpg'], marker: null, isListed: true, pages: 2 });
  });

  test('has no long tail of decimals in what it costs, and none where that is not known', () => {
    const page = { ...pageOf(0, [], null), visionCalls: 3 };
    expect(addPage(fresh, page, BILLING).estimatedCost).toEqual({ amount: 0.0165, currency: 'USD' });
    expect(addPage(fresh, page, { ...BILLING, costPerCall: null }).estimatedCost).toBeNull();
  });

  test('does not change any more when it has ended', () => {
    const page = addPage(fresh, pageOf(0, ['a.jpg'], null), BILLING);
    const ended = finished({ ...page, runner: 'someone' }, 'cancelled', clock);
    expect(ended).toMatchObject({ status: 'cancelled', runner: null, waitingUntil: null });
    const late: ItemResult = { name: 'a.jpg', count: 'described', isReused: false, calls: 1 };
    expect(addResults(ended, [late], BILLING)).toBe(ended);
    expect(addPage(ended, pageOf(1, ['b.jpg'], null), BILLING)).toBe(ended);
    expect(finished(ended, 'completed', clock)).toBe(ended);
  });
});
