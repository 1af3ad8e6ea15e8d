import { describe, expect, test } from '@jest/globals';
import { isFinished } from '../../../core/batch/record.ts';
import { cancelBatch } from '../../../core/batch/turns.ts';
import { DeferredError, FailedError } from '../../../core/errors.ts';
import { encodeEvent } from '../../../core/queue/message.ts';
import { errorName, promptName } from '../../../core/store/names.ts';
import { faultsOf, Workplace } from './workplace.ts';

const ended = (place: Workplace, id: string) => place.until(async () => isFinished(await place.record(id)));

async function filled(count: number): Promise<Workplace> {
  const place = new Workplace();
  for (let number = 0; number < count; number++) await place.drop(`${number}.jpg`);
  return place;
}

describe('a batch waits', () => {
  test('until the next day when the calls of this one are spent, and asks nobody meanwhile', async () => {
    const place = await filled(20);
    const midnight = Math.ceil(place.clock.now() / 86_400_000) * 86_400_000;
    let asked = 0;
    place.answer = async () => {
      asked++;
      if (place.clock.now() < midnight && place.paid.length >= 8) {
        throw new DeferredError('vision-limit-spent', new Date(midnight));
      }
    };
    const id = await place.start();
    await place.during(async () => {
      await place.until(async () => (await place.record(id)).waitingUntil !== null);
      const record = await place.record(id);
      expect(record).toMatchObject({
        ...{ status: 'running', counts: { described: 8, remaining: 12 } },
        ...{ waitingUntil: new Date(midnight).toISOString(), problem: { code: 'vision-limit-spent' } },
      });
      expect(asked).toBeLessThanOrEqual(8 + 4);
      await place.sleep(midnight - place.clock.now());
      await ended(place, id);
    });
    expect(await place.record(id)).toMatchObject({
      status: 'completed',
      counts: { described: 20 },
      problem: null,
    });
    expect(asked).toBeLessThanOrEqual(20 + 4);
    expect(place.clock.now()).toBeGreaterThanOrEqual(midnight);
  });

  test('while describing is paused', async () => {
    const place = await filled(3);
    place.isPaused = true;
    const id = await place.start();
    await place.during(() => place.sleep(20 * 60_000));
    expect(await place.record(id)).toMatchObject({ status: 'running', problem: { code: 'paused' } });
    expect(place.paid).toEqual([]);
    place.isPaused = false;
    await place.during(() => ended(place, id));
    expect((await place.record(id)).counts.described).toBe(3);
  });

  test('and is cancelled at once when it does', async () => {
    const place = await filled(3);
    place.isPaused = true;
    const id = await place.start();
    await place.during(() => place.sleep(10_000));
    expect((await cancelBatch(id, place.batching()))?.status).toBe('cancelled');
    // Its message comes back, finds that, and tells of it.
    await place.during(() => place.until(async () => (await place.events.length()) === 0));
    expect(place.told).toHaveLength(1);
    expect(await place.record(id)).toMatchObject({ status: 'cancelled', counts: { described: 0 } });
  });

  test('for no image that is still being copied: the queue has it', async () => {
    const place = await filled(3);
    place.blobs.mark('1.jpg', { isCopying: true });
    const id = await place.start();
    await place.during(async () => {
      await ended(place, id);
      expect((await place.record(id)).counts).toMatchObject({ described: 2, deferred: 1, remaining: 0 });
      place.blobs.mark('1.jpg', { isCopying: false });
      await place.until(async () => (await place.events.length()) === 0);
    });
    expect(await place.blobs.head(promptName('1.jpg'))).not.toBeNull();
  });
});

describe('a batch tries', () => {
  test('an image three times, and writes down why it has no prompt', async () => {
    const place = await filled(5);
    const asked = new Map<string, number>();
    place.answer = async (content) => {
      const times = (asked.get(content) ?? 0) + 1;
      asked.set(content, times);
      if (content === '1.jpg' || (content === '2.jpg' && times < 3))
        throw new FailedError('vision-unavailable');
    };
    const id = await place.start();
    await place.during(() => ended(place, id));
    const record = await place.record(id);
    expect(record).toMatchObject({ status: 'completed', counts: { described: 4, failed: 1, remaining: 0 } });
    expect(faultsOf(record)).toEqual([]);
    expect([asked.get('0.jpg'), asked.get('1.jpg'), asked.get('2.jpg')]).toEqual([1, 3, 3]);
    const error = await place.blobs.head(errorName('1.jpg'));
    expect(error?.metadata).toMatchObject({ code: 'vision-unavailable', retryable: 'true', attempts: '3' });
  });

  test('to remake a prompt, and tells that it could not', async () => {
    const place = await filled(2);
    await place.during(async () => ended(place, await place.start()));
    const before = await place.blobs.head(promptName('1.jpg'));
    place.model = 'another';
    place.answer = async (content) => {
      if (content === '1.jpg') throw new FailedError('vision-unavailable');
    };
    const id = await place.start({ stale: true });
    await place.during(() => ended(place, id));
    expect((await place.record(id)).counts).toMatchObject({ described: 1, failed: 1, unchanged: 0 });
    expect(await place.blobs.head(promptName('1.jpg'))).toEqual(before);
  });

  test('a step five times; then it has failed, with its reason, and its message lies in the poison queue', async () => {
    const place = await filled(5);
    const worker = place.worker(({ operation, target }) =>
      operation === 'page' && target === 'images' ? 'fails' : 'ok',
    );
    const id = await place.start();
    await place.during(() => ended(place, id), [worker]);
    expect(await place.record(id)).toMatchObject({
      ...{ status: 'failed', problem: { code: 'storage-unavailable', status: 503 }, runner: null },
    });
    expect(await place.poison.length()).toBe(1);
    expect(place.told.map(({ status }) => status)).toEqual(['failed']);
  });
});

test('images that are dropped while batches run are described in between', async () => {
  const place = await filled(1_000);
  place.latencyMs = 2_000;
  const ids = [await place.start({ prefix: '1' }), await place.start({ prefix: '2' })];
  for (const prefix of ['3', '4']) ids.push(await place.start({ prefix }));
  await place.during(async () => {
    await place.sleep(3_000);
    for (const name of ['x.jpg', 'y.jpg', 'z.jpg']) {
      await place.drop(name);
      await place.events.send(encodeEvent({ container: 'images', name }));
    }
    const from = place.clock.elapsed();
    await place.until(async () => (await place.blobs.head(promptName('z.jpg'))) !== null);
    // A step takes longer: slots are kept free of them.
    expect(place.clock.elapsed() - from).toBeLessThan(8_000);
    for (const id of ids) await cancelBatch(id, place.batching());
  });
});
