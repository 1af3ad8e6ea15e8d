import { describe, expect, test } from '@jest/globals';
import { createBatch } from '../../../core/batch/batches.ts';
import { isFinished } from '../../../core/batch/record.ts';
import { cancelBatch, failBatch, keepTurn, tellEnd } from '../../../core/batch/turns.ts';
import { FailedError } from '../../../core/errors.ts';
import { stepsForState } from '../../../core/housekeeping/sweep/steps-for-state.ts';
import { handleMessage } from '../../../core/queue/handle-message.ts';
import { encodeStep } from '../../../core/queue/message.ts';
import { promptName } from '../../../core/store/names.ts';
import { ASKED, faultsOf, Workplace } from './workplace.ts';

const { signal } = new AbortController();
const ended = (place: Workplace, id: string) => place.until(async () => isFinished(await place.record(id)));

async function filled(count: number): Promise<Workplace> {
  const place = new Workplace();
  for (let number = 0; number < count; number++) await place.drop(`${number}.jpg`);
  return place;
}

async function promptsOf(place: Workplace, count: number): Promise<number> {
  const all = Array.from({ length: count }, (_, number) => place.blobs.head(promptName(`${number}.jpg`)));
  return (await Promise.all(all)).filter(Boolean).length;
}

test('a worker that is stopped begins no further image of a batch, and ends those that it began', async () => {
  const place = await filled(60);
  place.latencyMs = 1_500;
  let asked = 0;
  const stop = new AbortController();
  place.answer = async () => {
    if (++asked === 5) stop.abort();
  };
  const id = await place.start();
  await place.clock.runUntilSettled(place.worker().run(stop.signal));
  const record = await place.record(id);
  expect(record).toMatchObject({ status: 'running', runner: null, visionCalls: place.paid.length });
  expect(faultsOf(record)).toEqual([]);
  // One lane was the first; the three others were at work on theirs.
  expect(place.paid).toHaveLength(8);
  expect(await place.events.length()).toBe(1);
  await place.during(() => ended(place, id));
  expect(await place.record(id)).toMatchObject({ status: 'completed', visionCalls: 60 });
});

describe('a batch that is cancelled', () => {
  test.each([40, 300, 2_000, 20_000])(
    'counts all that was done and paid for, with a provider that takes %i ms',
    async (latencyMs) => {
      const place = await filled(400);
      place.latencyMs = latencyMs;
      // Neither all at once nor all at the moment of a look.
      place.answer = async (content) => place.sleep((Number.parseInt(content, 10) * 37) % 500);
      const id = await place.start({ maxParallel: 16 });
      await place.during(async () => {
        await place.until(async () => (await place.record(id)).counts.listed > 0);
        await place.sleep(2_300);
        await cancelBatch(id, place.batching());
        const from = place.clock.elapsed();
        await ended(place, id);
        expect(place.clock.elapsed() - from).toBeLessThanOrEqual(5_000);
        await place.sleep(30_000);
      });
      const record = await place.record(id);
      expect(record.status).toBe('cancelled');
      expect(faultsOf(record)).toEqual([]);
      expect(record.visionCalls).toBe(place.paid.length);
      expect(record.counts.described).toBe(await promptsOf(place, 400));
      expect(place.told).toEqual([{ ...record, isTold: false, updatedAt: expect.any(String) }]);
    },
  );

  test('counts what was paid for an image that storage did not take before the end', async () => {
    const place = await filled(1);
    const id = await place.start();
    const worker = place.worker(({ operation, name }) =>
      operation === 'write' && name === promptName('0.jpg') ? 'fails' : 'ok',
    );
    await place.during(async () => {
      await place.until(async () => place.paid.length > 0);
      await cancelBatch(id, place.batching());
      await ended(place, id);
    }, [worker]);
    const record = await place.record(id);
    expect(faultsOf(record)).toEqual([]);
    expect(record).toMatchObject({ status: 'cancelled', visionCalls: 1, counts: { described: 0 } });
  });
});

describe('the message of a batch that was received more often than it may be', () => {
  test('says nothing of a batch that had ended, nor of one that is not there', async () => {
    const place = await filled(2);
    const id = await place.start();
    await place.during(() => ended(place, id));
    const before = await place.record(id);
    for (const batch of [id, 'f'.repeat(32)]) {
      const received = { body: encodeStep(batch), dequeueCount: 6 };
      const handled = await handleMessage(received, place.handler(), signal);
      expect(handled).toEqual({ status: 'step', batch, next: null, error: null, comesBack: false });
    }
    expect(await place.record(id)).toEqual(before);
    expect(before).toMatchObject({ status: 'completed', problem: null });
    expect(await place.poison.length()).toBe(0);
  });

  test('gives up one that had not', async () => {
    const place = await filled(2);
    const id = await place.start();
    const handled = await handleMessage({ body: encodeStep(id), dequeueCount: 6 }, place.handler(), signal);
    expect(handled).toMatchObject({ status: 'step', error: { code: 'internal' }, comesBack: false });
    expect(await place.record(id)).toMatchObject({ status: 'failed', problem: { code: 'internal' } });
    expect(await place.poison.length()).toBe(1);
  });
});

test('an end that somebody was about to tell is told by a step of its own, should that one die', async () => {
  const place = await filled(1);
  const id = await place.start();
  const batching = place.batching();
  const failed = await failBatch(id, new FailedError('internal'), batching);
  if (failed === null) throw new Error('it is there');
  const dies = { ...batching, tellBatch: () => Promise.reject(new Error('died')) };
  await expect(tellEnd(failed, dies)).rejects.toThrow('died');
  for (const message of await place.events.receive({ max: 9, hidden: 1_000 }))
    await place.events.remove(message);
  await handleMessage({ body: encodeStep(id), dequeueCount: 6 }, place.handler(), signal);
  expect(place.told).toEqual([]);
  await place.during(() => place.until(async () => (await place.events.length()) === 0));
  expect(place.told).toHaveLength(1);
});

describe('a batch whose record is damaged', () => {
  async function damaged() {
    const place = await filled(1);
    const id = await place.start();
    const name = `batches/${id}.json`;
    await place.state.write(name, Buffer.from('{}'), {
      ...{ contentType: 'application/json', condition: 'any', metadata: { status: 'running' } },
    });
    return { place, id, name };
  }

  test('is set aside after five steps, with its message, and never begun again', async () => {
    const { place, name } = await damaged();
    await place.during(() => place.until(async () => (await place.poison.length()) === 1));
    expect(await place.events.length()).toBe(0);
    expect(place.reports.map(({ handled }) => handled.status)).toEqual(Array(5).fill('step'));
    const record = await place.state.read(name, { maxBytes: 9 });
    expect(record).toMatchObject({ bytes: Buffer.from('{}'), metadata: { status: 'failed' } });
    place.clock.advance(3_600_000);
    const { blobs } = await place.state.page({ prefix: name, size: 1 });
    const asked = { now: new Date(place.clock.now()), retentionDays: 30 };
    expect(blobs.flatMap((blob) => stepsForState('batches', blob, asked))).toEqual([]);
  });

  test('keeps its message where storage fails while it is set aside', async () => {
    const { place, id } = await damaged();
    const handler = place.handler(({ operation }) => (operation === 'write' ? 'fails' : 'ok'));
    const handled = handleMessage({ body: encodeStep(id), dequeueCount: 5 }, handler, signal);
    await expect(handled).rejects.toThrow('storage-unavailable');
    expect(await place.poison.length()).toBe(0);
  });
});

test('what a batch costs is known from the beginning, and null only where nobody knows the price', async () => {
  const place = await filled(1);
  const batching = place.batching();
  const nothing = { amount: 0, currency: 'USD' };
  const created = await createBatch(batching, ASKED);
  expect(created.estimatedCost).toEqual(nothing);
  expect((await cancelBatch(created.id, batching))?.estimatedCost).toEqual(nothing);
  const { vision } = batching.settings;
  const settings = { ...batching.settings, vision: { ...vision, provider: 'openai' as const } };
  expect((await createBatch({ ...batching, settings }, ASKED)).estimatedCost).toBeNull();
  expect(await keepTurn(created.id, 'someone', [], batching)).toMatchObject({ estimatedCost: nothing });
});

test('nobody is told of a dry run, however long it takes', async () => {
  const place = await filled(3);
  const id = await place.start({ dryRun: true });
  await place.during(() => ended(place, id));
  expect(await place.record(id)).toMatchObject({ status: 'completed', counts: { remaining: 3 } });
  await place.during(async () => ended(place, await place.start()));
  expect(place.told.map(({ options }) => options.dryRun)).toEqual([false]);
});
