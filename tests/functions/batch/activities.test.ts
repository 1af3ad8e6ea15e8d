import { describe, expect, test } from '@jest/globals';
import { createBatch } from '../../../core/batch/batches.ts';
import { type BatchOptions, isFinished } from '../../../core/batch/record.ts';
import { cancelBatch, tellEnd } from '../../../core/batch/turns.ts';
import { errorName, promptName } from '../../../core/store/names.ts';
import { orchestrate } from '../../../functions/batch/orchestrate.ts';
import { ASKED, faultsOf, overwrittenAtTheLimit, Workplace } from '../../core/batch/workplace.ts';
import type { Decide } from '../../memory/faults.ts';
import { activitiesOf } from './activities.ts';
import { DurableHost } from './durable-host.ts';

/** What the container's runner does with single images, and when it ends: here by an orchestrator. */

async function filled(count: number): Promise<Workplace> {
  const place = new Workplace();
  for (let number = 0; number < count; number++) await place.drop(`${number}.jpg`);
  return place;
}

async function start(place: Workplace, options: Partial<BatchOptions> = {}, decide?: Decide) {
  const batching = place.batching(decide);
  const { id } = await createBatch(place.batching(), { ...ASKED, ...options });
  const host = new DurableHost({ clock: place.clock, orchestrate, activities: activitiesOf(batching) });
  return { id, run: () => host.run(id, { id }) };
}

test('an image whose failure cannot be written down ends no batch, and is not tried by the host again', async () => {
  const place = await filled(100);
  await place.drop('0.jpg', '');
  const { id, run } = await start(place, {}, ({ operation, name }) =>
    operation === 'write' && name === errorName('0.jpg') ? 'fails' : 'ok',
  );
  await place.clock.runUntilSettled(run());
  const record = await place.record(id);
  expect(record).toMatchObject({ status: 'completed', counts: { described: 99, failed: 1 } });
  expect(faultsOf(record)).toEqual([]);
  expect(place.lines).toHaveLength(1);
});

describe('a batch that is cancelled', () => {
  test.each([40, 300, 45_000])(
    'counts all that was done and paid for in its window, with a provider that takes %i ms',
    async (latencyMs) => {
      const place = await filled(100);
      place.latencyMs = latencyMs;
      place.answer = async (content) => place.sleep((Number.parseInt(content, 10) * 37) % 500);
      const { id, run } = await start(place, { maxParallel: 16 });
      const cancelled = async () => {
        await place.until(async () => (await place.record(id)).counts.listed > 0);
        // Longer than a turn lasts that nobody keeps.
        await place.sleep(latencyMs < 1_000 ? 1_100 : 40_000);
        const asked = await cancelBatch(id, place.batching());
        const from = place.clock.elapsed();
        await place.until(async () => isFinished(await place.record(id)));
        return { asked: asked?.status, took: place.clock.elapsed() - from };
      };
      const [{ asked, took }] = await place.clock.runUntilSettled(Promise.all([cancelled(), run()]));
      expect(asked).toBe('cancelling');
      expect(took).toBeLessThanOrEqual(5_000);
      const record = await place.record(id);
      expect(record.status).toBe('cancelled');
      expect(faultsOf(record)).toEqual([]);
      expect(record.visionCalls).toBe(place.paid.length);
      const prompts = Array.from({ length: 100 }, (_, number) =>
        place.blobs.head(promptName(`${number}.jpg`)),
      );
      expect(record.counts.described).toBe((await Promise.all(prompts)).filter(Boolean).length);
    },
  );

  test('counts what was paid for an image that storage did not take before the end', async () => {
    const place = await filled(1);
    const { id, run } = await start(place, {}, ({ operation, name }) =>
      operation === 'write' && name === promptName('0.jpg') ? 'fails' : 'ok',
    );
    const cancelled = async () => {
      await place.until(async () => place.paid.length > 0);
      await cancelBatch(id, place.batching());
    };
    await place.clock.runUntilSettled(Promise.all([cancelled(), run()]));
    expect(await place.record(id)).toMatchObject({
      ...{ status: 'cancelled', visionCalls: 1, counts: { described: 0, remaining: 1 } },
    });
  });
});

test('one that has to wait is asked about when it is due, and counts what was paid before', async () => {
  const place = new Workplace();
  await place.drop('a.jpg', 'before');
  const from = place.clock.now();
  overwrittenAtTheLimit(place);
  const { id, run } = await start(place);
  await place.clock.runUntilSettled(run());
  expect(place.clock.now()).toBeGreaterThanOrEqual(from + 600_000);
  const record = await place.record(id);
  expect(record).toMatchObject({ status: 'completed', visionCalls: 2, counts: { described: 1, reused: 0 } });
  expect(place.paid).toEqual(['before', 'after']);
});

test('the end of a batch that was cancelled is told by the orchestrator where who was telling it died', async () => {
  const place = await filled(1);
  const { id, run } = await start(place);
  const ended = await cancelBatch(id, place.batching());
  const dies = { ...place.batching(), tellBatch: () => Promise.reject(new Error('died')) };
  await expect(ended && tellEnd(ended, dies)).rejects.toThrow('died');
  await place.clock.runUntilSettled(run());
  expect(place.told).toMatchObject([{ id, status: 'cancelled' }]);
  expect(await place.record(id)).toMatchObject({ isTold: true });
});
