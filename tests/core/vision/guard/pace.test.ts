import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Pace } from '../../../../core/vision/guard/pace.ts';
import { SimulatedClock } from '../../../simulated-clock.ts';

const { signal } = new AbortController();

/** When each of so many calls that are asked for at once begins, in milliseconds from the start. */
async function begins(perSecond: number, calls: number): Promise<number[]> {
  const clock = new SimulatedClock();
  const pace = new Pace(perSecond, clock);
  const start = clock.now();
  const times: number[] = [];
  const all = Promise.all(
    Array.from({ length: calls }, async () => {
      await pace.turn(Number.POSITIVE_INFINITY, signal);
      times.push(clock.now() - start);
    }),
  );
  await clock.runUntilSettled(all);
  return times;
}

describe('Calls', () => {
  test('within the limit are not held back at all', async () => {
    expect(await begins(10, 10)).toEqual(Array(10).fill(0));
  });

  test('never begin more often in any second than is allowed, and not much slower', async () => {
    const property = fc.asyncProperty(
      fc.double({ min: 0.05, max: 50, noNaN: true }),
      fc.integer({ min: 1, max: 120 }),
      async (perSecond, calls) => {
        const times = await begins(perSecond, calls);
        for (const time of times) {
          const inSecond = times.filter((other) => other >= time && other < time + 1_000);
          expect(inSecond.length).toBeLessThanOrEqual(Math.ceil(perSecond));
        }
        const ideal =
          (Math.floor((calls - 1) / Math.ceil(perSecond)) * Math.ceil(perSecond) * 1_000) / perSecond;
        expect(times.at(-1)).toBeLessThanOrEqual(ideal * 1.051);
      },
    );
    await fc.assert(property, { numRuns: 50 });
  });

  test('at a fraction of one a second are that far apart', async () => {
    expect(await begins(0.5, 3)).toEqual([0, 2_100, 4_200]);
  });

  test('begin in the order they were asked for; who gives up leaves, hears of it at once and takes no turn', async () => {
    const clock = new SimulatedClock();
    const pace = new Pace(1, clock);
    const leaving = new AbortController();
    const order: string[] = [];
    const wait = async (name: string, by: AbortSignal) => {
      await pace.turn(Number.POSITIVE_INFINITY, by);
      order.push(`${name} ${clock.now()}`);
    };
    const start = clock.now();
    const stays = [wait('a', signal), wait('b', signal)];
    const left = wait('gone', leaving.signal);
    const last = wait('c', signal);
    leaving.abort(new Error('client went away'));
    await expect(left).rejects.toThrow('client went away');
    expect(clock.now()).toBe(start);
    await clock.runUntilSettled(Promise.all([...stays, last]));
    expect(order).toEqual([`a ${start}`, `b ${start + 1_050}`, `c ${start + 2_100}`]);
  });

  test('wait for the end of a pause; one that would begin too late is told so at once, and when to come', async () => {
    const clock = new SimulatedClock();
    const pace = new Pace(10, clock);
    const start = clock.now();
    pace.pauseUntil(start + 5_000);
    pace.pauseUntil(start + 1_000);
    await expect(pace.turn(start + 4_999, signal)).rejects.toMatchObject({
      code: 'vision-throttled',
      until: new Date(start + 5_000),
    });
    await clock.runUntilSettled(pace.turn(start + 5_000, signal));
    expect(clock.now()).toBe(start + 5_000);
  });

  test('are not queued up beyond what can begin in time: that is told at once', async () => {
    const clock = new SimulatedClock();
    const pace = new Pace(2, clock);
    const start = clock.now();
    const told: number[] = [];
    const turns = Array.from({ length: 20 }, () =>
      pace.turn(start + 3_000, signal).catch((error) => {
        expect(error).toMatchObject({ code: 'vision-busy' });
        expect(error.until.getTime()).toBeGreaterThan(start + 3_000);
        told.push(clock.now());
      }),
    );
    await clock.runUntilSettled(Promise.all(turns));
    expect(told).toEqual(Array(14).fill(start));
  });
});
