import { describe, expect, test } from '@jest/globals';
import { describeItem } from '../../../core/batch/describe-item.ts';
import { type BatchOptions, isFinished } from '../../../core/batch/record.ts';
import { FailedError } from '../../../core/errors.ts';
import { encodeEvent } from '../../../core/queue/message.ts';
import { errorName, promptName } from '../../../core/store/names.ts';
import type { Decide } from '../../memory/faults.ts';
import { faultsOf, overwrittenAtTheLimit, Workplace } from './workplace.ts';

/** What becomes of one image among the others of its batch. */

const ended = (place: Workplace, id: string) => place.until(async () => isFinished(await place.record(id)));

async function run(place: Workplace, options: Partial<BatchOptions> = {}, decide?: Decide) {
  const id = await place.start(options);
  await place.during(() => ended(place, id), [place.worker(decide)]);
  const record = await place.record(id);
  expect(faultsOf(record)).toEqual([]);
  return record;
}

/** The first so many writes of this blob fail. */
function failing(name: string, times: number): Decide {
  let failures = 0;
  return (call) => (call.operation === 'write' && call.name === name && failures++ < times ? 'fails' : 'ok');
}

test('one whose failure cannot even be written down counts as failed, is logged, and ends no batch', async () => {
  const place = new Workplace();
  await place.drop('0.jpg', '');
  for (let number = 1; number <= 500; number++) await place.drop(`${number}.jpg`);
  const { status, counts } = await run(place, {}, failing(errorName('0.jpg'), Number.POSITIVE_INFINITY));
  expect(status).toBe('completed');
  expect(counts).toMatchObject({ listed: 501, described: 500, failed: 1, remaining: 0 });
  expect(place.lines).toEqual([
    { name: '0.jpg', err: expect.objectContaining({ code: 'storage-unavailable' }) },
  ]);
  expect(await place.poison.length()).toBe(0);
});

describe('one that has to wait for itself alone', () => {
  test.each([
    ['stale', { stale: true, targets: ['sdxl' as const] }],
    ['force', { force: true, targets: ['sdxl' as const] }],
    ['targets', { targets: ['sdxl' as const] }],
  ])('is done by the queue as its batch with %s would have done it', async (kind, options) => {
    const place = new Workplace();
    await place.drop('a.jpg');
    if (kind !== 'targets') await run(place);
    place.blobs.mark('a.jpg', { isCopying: true });
    const id = await place.start(options);
    await place.during(async () => {
      await ended(place, id);
      place.blobs.mark('a.jpg', { isCopying: false });
      await place.until(async () => (await place.events.length()) === 0);
    });
    expect((await place.record(id)).counts).toMatchObject({ listed: 1, deferred: 1 });
    const prompt = await place.blobs.read(promptName('a.jpg'), { maxBytes: 1e6 });
    const { prompts } = JSON.parse(Buffer.from(prompt?.bytes ?? []).toString());
    expect(Object.keys(prompts)).toEqual(['sdxl']);
    const again = await place.start({ ...options, force: false, dryRun: true });
    await place.during(() => ended(place, again));
    expect((await place.record(again)).counts).toMatchObject({ remaining: 0, unchanged: 1 });
  });
});

test('one that somebody else described between its attempts has not failed', async () => {
  const place = new Workplace();
  await place.drop('a.jpg');
  const first = Promise.withResolvers<void>();
  let asked = 0;
  place.answer = async () => {
    if (++asked > 1) return;
    first.resolve();
    throw new FailedError('vision-unavailable');
  };
  const id = await place.start({ stale: true });
  await place.during(async () => {
    await first.promise;
    await place.events.send(encodeEvent({ container: 'images', name: 'a.jpg' }));
    await ended(place, id);
  });
  expect(asked).toBe(2);
  expect((await place.record(id)).counts).toMatchObject({ unchanged: 1, failed: 0 });
});

describe('what is paid for one', () => {
  test('counts where its prompt could not be written at once', async () => {
    const place = new Workplace();
    await place.drop('a.jpg');
    const record = await run(place, {}, failing(promptName('a.jpg'), 1));
    expect(record).toMatchObject({ visionCalls: 1, counts: { described: 1, reused: 0 } });
    expect(place.paid).toHaveLength(1);
  });

  test('counts twice where it was overwritten meanwhile', async () => {
    const place = new Workplace();
    await place.drop('a.jpg', 'before');
    place.answer = async (content) => {
      if (content === 'before') await place.drop('a.jpg', 'after');
    };
    const record = await run(place);
    expect(record).toMatchObject({ visionCalls: 2, billedFeatures: 4, counts: { described: 1, reused: 0 } });
    expect(place.paid).toEqual(['before', 'after']);
  });

  test('counts where it has to wait then for the next day', async () => {
    const place = new Workplace();
    await place.drop('a.jpg', 'before');
    overwrittenAtTheLimit(place);
    const record = await run(place);
    expect(record).toMatchObject({ visionCalls: 2, counts: { described: 1, reused: 0 } });
    expect(place.paid).toEqual(['before', 'after']);
  });

  test('counts where it failed in the end, and not where nothing costs anything', async () => {
    const place = new Workplace();
    await place.drop('a.jpg');
    const decide = failing(promptName('a.jpg'), 3);
    const record = await run(place, {}, decide);
    expect(record).toMatchObject({ visionCalls: 1, counts: { described: 0, failed: 1 } });
    const batching = place.batching();
    const free = { ...batching, settings: { ...batching.settings, analyses: null } };
    const item = describeItem('a.jpg', record.options, free, new AbortController().signal);
    const outcome = await place.clock.runUntilSettled(item);
    expect(outcome).toEqual({ name: 'a.jpg', calls: 0, count: 'described', isReused: false });
  });
});
