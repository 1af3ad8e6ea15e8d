import { describe, expect, test } from '@jest/globals';
import { createBatch, readBatch, updateBatch } from '../../../core/batch/batches.ts';
import { listItems } from '../../../core/batch/list-items.ts';
import type { ItemResult } from '../../../core/batch/progress.ts';
import { runStep } from '../../../core/batch/step.ts';
import { beginTurn, cancelBatch, endTurn, keepTurn, tellEnd } from '../../../core/batch/turns.ts';
import { ASKED, Workplace } from './workplace.ts';

const { signal } = new AbortController();
const done = (name: string): ItemResult => ({ name, count: 'described', isReused: false, calls: 1 });

/** A batch of three images, of which the first runner has just looked through the listing. */
async function begun() {
  const place = new Workplace();
  for (const name of ['a.jpg', 'b.jpg', 'c.jpg']) await place.drop(name);
  const batching = place.batching();
  const { id } = await createBatch(batching, ASKED);
  const turn = await beginTurn(id, 'first', batching);
  if (turn.kind !== 'mine') throw new Error('nobody else is there');
  await listItems(turn.record, batching, signal);
  return { place, batching, id };
}

describe('a turn', () => {
  test("is one runner's at a time, and nobody else's while that is heard of", async () => {
    const { place, batching, id } = await begun();
    for (const _ of [1, 2, 3]) {
      place.clock.advance(20_000);
      expect(await beginTurn(id, 'second', batching)).toEqual({ kind: 'later', delay: 30_000 });
      expect((await keepTurn(id, 'first', [], batching))?.runner).toBe('first');
    }
    await endTurn(id, 'first', null, batching);
    expect((await beginTurn(id, 'second', batching)).kind).toBe('mine');
  });

  test('goes to the next when its runner is silent; should that live, what it tells counts, but only once', async () => {
    const { place, batching, id } = await begun();
    place.clock.advance(31_000);
    expect((await beginTurn(id, 'second', batching)).kind).toBe('mine');
    const seen = await keepTurn(id, 'first', [done('a.jpg'), done('b.jpg')], batching);
    expect([seen?.runner, seen?.counts.described]).toEqual(['second', 2]);
    await endTurn(id, 'first', null, batching);
    const rest = await keepTurn(id, 'second', [done('b.jpg'), done('c.jpg')], batching);
    expect(rest).toMatchObject({
      status: 'completed',
      visionCalls: 3,
      counts: { described: 3, remaining: 0 },
    });
  });

  test('does not begin before what the batch waits for, however often it is asked', async () => {
    const { place, batching, id } = await begun();
    const until = new Date(place.clock.now() + 3_600_000);
    await endTurn(id, 'first', { until, code: 'vision-limit-spent' }, batching);
    place.clock.advance(600_000);
    expect(await beginTurn(id, 'second', batching)).toEqual({ kind: 'later', delay: 3_000_000 });
    place.clock.advance(3_000_000);
    const turn = await beginTurn(id, 'second', batching);
    expect(turn).toMatchObject({ kind: 'mine', record: { waitingUntil: null, problem: null } });
  });

  test('that is over does not begin again', async () => {
    const { batching, id } = await begun();
    await keepTurn(id, 'first', ['a.jpg', 'b.jpg', 'c.jpg'].map(done), batching);
    expect(await beginTurn(id, 'second', batching)).toMatchObject({
      ...{ kind: 'ended', record: { status: 'completed' } },
    });
    expect(await beginTurn('0'.repeat(32), 'second', batching)).toEqual({ kind: 'ended', record: null });
  });
});

describe('cancelling', () => {
  test('asks the runner whose turn it is, and ends the batch where that is dead', async () => {
    const { place, batching, id } = await begun();
    expect((await cancelBatch(id, batching))?.status).toBe('cancelling');
    place.clock.advance(31_000);
    expect((await cancelBatch(id, batching))?.status).toBe('cancelled');
    expect((await cancelBatch(id, batching))?.status).toBe('cancelled');
  });

  test('ends a turn whatever it waits for', async () => {
    const { place, batching, id } = await begun();
    await cancelBatch(id, batching);
    const until = new Date(place.clock.now() + 3_600_000);
    await endTurn(id, 'first', { until, code: 'vision-limit-spent' }, batching);
    expect((await readBatch(batching, id))?.record).toMatchObject({
      status: 'cancelled',
      waitingUntil: null,
    });
  });
});

describe('the end', () => {
  async function cancelled() {
    const { place, batching, id } = await begun();
    await endTurn(id, 'first', null, batching);
    const ended = await cancelBatch(id, batching);
    if (ended === null) throw new Error('it is there');
    return { place, batching, id, ended };
  }

  test('is told once, however many know of it', async () => {
    const { place, batching, ended } = await cancelled();
    const asked = await Promise.all(Array.from({ length: 4 }, () => tellEnd(ended, batching)));
    expect(asked.toSorted()).toEqual([30_000, 30_000, 30_000, null]);
    expect(await tellEnd(ended, batching)).toBeNull();
    expect(place.told).toHaveLength(1);
  });

  test('is told by another, where who was telling it died', async () => {
    const { place, batching, ended } = await cancelled();
    const dies = { ...batching, tellBatch: () => Promise.reject(new Error('died')) };
    await expect(tellEnd(ended, dies)).rejects.toThrow('died');
    const wait = await tellEnd(ended, batching);
    expect([wait, place.told]).toEqual([30_000, []]);
    place.clock.advance(wait ?? 0);
    expect(await tellEnd(ended, batching)).toBeNull();
    expect(place.told).toHaveLength(1);
  });

  test('that somebody else is telling leaves a step, which looks whether it was told', async () => {
    const { place, batching, id, ended } = await cancelled();
    const telling = Promise.withResolvers<void>();
    const told = tellEnd(ended, { ...batching, tellBatch: () => telling.promise });
    await place.clock.runUntilSettled(
      place.until(async () => (await readBatch(batching, id))?.record.teller !== null),
    );
    const { signal } = new AbortController();
    const delay = await runStep(id, batching, signal);
    telling.resolve();
    await told;
    place.clock.advance(delay ?? 0);
    expect([delay, await runStep(id, batching, signal), place.told]).toEqual([30_000, null, []]);
  });
});

test('a record that is no batch of ours is an error, and never overwritten', async () => {
  const { batching, id } = await begun();
  const name = `batches/${id}.json`;
  await batching.state.write(name, Buffer.from('{}'), { contentType: 'application/json', condition: 'any' });
  await expect(updateBatch(batching, id, (record) => ({ ...record }))).rejects.toMatchObject({
    ...{ code: 'internal', detail: 'The record of the batch is damaged.' },
  });
});
