import { describe, expect, test } from '@jest/globals';
import type { Call, Fate } from '../../memory/faults.ts';
import { faultyQueue } from '../../memory/faults.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { DONE, deferred, eventsIn, FAILED, workshop } from './workshop.ts';

/** Fails so many calls of one operation, and none after that. */
function failing(operation: Call['operation'], times: number, fate: Fate = 'fails') {
  let left = times;
  return (call: Call): Fate => (call.operation === operation && left-- > 0 ? fate : 'ok');
}

describe('a queue that fails', () => {
  test('is told of once, asked again ever less often, and worked on when it answers', async () => {
    const clock = new SimulatedClock();
    const looks: number[] = [];
    const begun = clock.elapsed();
    const decide = failing('receive', 8);
    const shop = workshop({
      clock,
      events: (queue) =>
        faultyQueue(queue, (call) => {
          if (call.operation === 'receive') looks.push(clock.elapsed() - begun);
          return decide(call);
        }),
      describe: async () => DONE,
    });
    await shop.send();
    await shop.runUntil(() => shop.reports.length > 0);
    expect(looks.slice(0, 9).map((at) => at / 1_000)).toEqual([0, 1, 3, 7, 15, 31, 61, 91, 121]);
    expect(shop.warnings).toHaveLength(1);
  });

  test('is told of again after it had answered', async () => {
    const fates: Fate[] = ['fails', 'ok', 'fails', 'fails', 'ok'];
    const shop = workshop({
      events: (queue) =>
        faultyQueue(queue, ({ operation }) => (operation === 'receive' && fates.shift()) || 'ok'),
      describe: async () => DONE,
    });
    await shop.runUntil(() => fates.length === 0);
    expect(shop.warnings).toHaveLength(2);
  });

  test.each(['fails', 'lost'] as const)('to remove what is done (%s): nothing is lost', async (fate) => {
    let described = 0;
    const shop = workshop({
      events: (queue) => faultyQueue(queue, failing('remove', 1, fate)),
      describe: async () => {
        described++;
        return DONE;
      },
    });
    await shop.send();
    await shop.runUntil(async () => (await shop.events.length()) === 0);
    expect(described).toBe(fate === 'fails' ? 2 : 1);
    expect(shop.warnings).toHaveLength(1);
  });

  test.each(['fails', 'lost'] as const)('to take a deferral (%s): nothing is lost', async (fate) => {
    const clock = new SimulatedClock();
    let described = 0;
    const shop = workshop({
      clock,
      events: (queue) => faultyQueue(queue, failing('send', 1, fate)),
      describe: async () => (++described <= 2 ? deferred(clock, 60_000) : DONE),
    });
    await shop.send();
    await shop.runUntil(async () => (await shop.events.length()) === 0);
    expect(shop.reports.at(-1)).toMatchObject({ handled: { outcome: DONE } });
    expect(await shop.poison.length()).toBe(0);
  });

  test.each(['fails', 'lost'] as const)(
    'to take what failed for good (%s): it ends in the poison queue all the same',
    async (fate) => {
      const attempts: number[] = [];
      const shop = workshop({
        poison: (queue) => faultyQueue(queue, failing('send', 1, fate)),
        describe: async (_, attempt) => {
          attempts.push(attempt);
          return FAILED;
        },
      });
      await shop.send({ tries: 4 });
      await shop.runUntil(async () => (await shop.events.length()) === 0);
      expect(attempts).toEqual([5, 5]);
      expect(await shop.poison.length()).toBe(fate === 'fails' ? 1 : 2);
    },
  );
});

describe('when the signal aborts', () => {
  test('P2: what runs is finished, and nothing else is begun', async () => {
    const clock = new SimulatedClock();
    const described: string[] = [];
    const shop = workshop({
      clock,
      concurrency: 2,
      describe: async ({ name }) => {
        described.push(name);
        await clock.sleep(15_000, new AbortController().signal);
        return DONE;
      },
    });
    for (const name of ['a.jpg', 'b.jpg', 'c.jpg']) await shop.send({ name });
    await shop.runUntil(() => described.length === 2);
    expect(described).toEqual(['a.jpg', 'b.jpg']);
    expect(shop.reports).toHaveLength(2);
    expect(await eventsIn(shop.events)).toEqual([{ container: 'images', name: 'c.jpg' }]);
  });

  test('P2: what is not finished within the grace is given back, and no try is counted', async () => {
    const clock = new SimulatedClock();
    let stoppedAt = 0;
    const shop = workshop({
      clock,
      grace: 20_000,
      describe: async (_event, _attempt, signal) => {
        stoppedAt = clock.elapsed();
        await clock.sleep(600_000, signal);
        return DONE;
      },
    });
    await shop.send({ tries: 2, etag: 'e1' });
    await shop.runUntil(() => stoppedAt > 0);
    expect(clock.elapsed() - stoppedAt).toBeGreaterThanOrEqual(20_000);
    expect(clock.elapsed() - stoppedAt).toBeLessThanOrEqual(22_000);
    expect(shop.reports).toMatchObject([{ handled: { status: 'given-back' } }]);
    // It can be received at once, by whoever runs next.
    expect(await eventsIn(shop.events)).toEqual([
      { container: 'images', name: 'a.jpg', etag: 'e1', tries: 2 },
    ]);
    expect(await shop.events.length()).toBe(1);
  });

  test('P2: what was received too late is given back before it is begun', async () => {
    const shop = workshop({
      events: (queue) =>
        faultyQueue(queue, ({ operation }) => {
          if (operation === 'receive') shop.stop.abort();
          return 'ok';
        }),
      describe: async () => {
        throw new Error('it was begun');
      },
    });
    for (const name of ['a.jpg', 'b.jpg']) await shop.send({ name, tries: 1 });
    await shop.clock.runUntilSettled(shop.make().run(shop.stop.signal));
    expect(shop.reports.map(({ handled }) => handled.status)).toEqual(['given-back', 'given-back']);
    expect(await eventsIn(shop.events)).toEqual([
      { container: 'images', name: 'a.jpg', tries: 1 },
      { container: 'images', name: 'b.jpg', tries: 1 },
    ]);
  });

  test('P2: what cannot be given back comes back by itself', async () => {
    const clock = new SimulatedClock();
    let isBegun = false;
    const shop = workshop({
      clock,
      events: (queue) => faultyQueue(queue, ({ operation }) => (operation === 'send' ? 'fails' : 'ok')),
      describe: async (_event, _attempt, signal) => {
        isBegun = true;
        await clock.sleep(600_000, signal);
        return DONE;
      },
    });
    await shop.send();
    await shop.runUntil(() => isBegun);
    expect(await eventsIn(shop.events)).toEqual([]);
    clock.advance(30_000);
    expect(await eventsIn(shop.events)).toEqual([{ container: 'images', name: 'a.jpg' }]);
  });

  test('P2: a worker that waits ends at once, and one told before it began does nothing', async () => {
    const shop = workshop({ describe: async () => DONE, maxPause: 600_000 });
    const running = shop.make().run(shop.stop.signal);
    await shop.clock.runUntilSettled(new Promise((resolve) => setImmediate(resolve)));
    const stoppedAt = shop.clock.elapsed();
    shop.stop.abort();
    await running;
    expect(shop.clock.elapsed()).toBe(stoppedAt);
    await shop.send();
    await shop.make().run(shop.stop.signal);
    expect(await eventsIn(shop.events)).toHaveLength(1);
  });
});
