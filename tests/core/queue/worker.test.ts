import { describe, expect, test } from '@jest/globals';
import type { ImageEvent } from '../../../core/describe/outcome.ts';
import { handleMessage } from '../../../core/queue/handle-message.ts';
import { encodeEvent } from '../../../core/queue/message.ts';
import { faultyQueue } from '../../memory/faults.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { DONE, deferred, eventsIn, FAILED, workshop } from './workshop.ts';

/** A promise that a test keeps, and whether someone waits for it. */
function gate() {
  const { promise, resolve: open } = Promise.withResolvers<void>();
  return { promise, open };
}

describe('a message', () => {
  test('is removed when it was handled, and told of', async () => {
    const shop = workshop({ describe: async () => DONE });
    await shop.send();
    await shop.runUntil(() => shop.reports.length > 0);
    expect(shop.reports).toMatchObject([{ handled: { status: 'handled', event: { name: 'a.jpg' } } }]);
    expect(await shop.events.length()).toBe(0);
    expect(shop.warnings).toEqual([]);
  });

  test('that is of no image is removed without being described', async () => {
    const described: string[] = [];
    const shop = workshop({
      describe: async ({ name }) => {
        described.push(name);
        return DONE;
      },
    });
    for (const name of ['a.jpg.prompt.json', 'notes.txt']) await shop.send({ name });
    await shop.runUntil(async () => (await shop.events.length()) === 0);
    expect(shop.reports.map(({ handled }) => handled.status)).toEqual(['ignored', 'ignored']);
    expect(described).toEqual([]);
  });

  test('B22: that fails comes back 30 s later, four times, and then lies in the poison queue', async () => {
    const clock = new SimulatedClock();
    const attempts: { attempt: number; at: number }[] = [];
    const begun = clock.elapsed();
    const shop = workshop({
      clock,
      describe: async (_, attempt) => {
        attempts.push({ attempt, at: clock.elapsed() - begun });
        return FAILED;
      },
    });
    await shop.send({ etag: 'e1' });
    await shop.runUntil(async () => (await shop.poison.length()) > 0);
    expect(attempts.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4, 5]);
    for (const [n, { at }] of attempts.entries()) {
      expect(at).toBeGreaterThanOrEqual(n * 30_000);
      // It may be looked for just before it comes back.
      expect(at).toBeLessThanOrEqual(n * (30_000 + 5_000));
    }
    expect(await shop.events.length()).toBe(0);
    expect(await eventsIn(shop.poison)).toEqual([{ container: 'images', name: 'a.jpg', etag: 'e1' }]);
  });

  test.each([
    ['was killed at its last try', { tries: 4, dequeueCount: 2, attempt: 5 }],
    ['was killed again and again', { tries: 0, dequeueCount: 6, attempt: 6 }],
  ])('P1: of a worker that %s is attempt %o', async (_, { tries, dequeueCount, attempt }) => {
    const attempts: number[] = [];
    const shop = workshop({
      describe: async (_event, made) => {
        attempts.push(made);
        return DONE;
      },
    });
    const body = encodeEvent({ container: 'images', name: 'a.jpg', tries });
    await handleMessage({ body, dequeueCount }, shop.handler, shop.stop.signal);
    expect(attempts).toEqual([attempt]);
  });

  test('that is deferred comes back at its time, with as many tries as before', async () => {
    const clock = new SimulatedClock();
    const seen: { event: ImageEvent; attempt: number; at: number }[] = [];
    const begun = clock.elapsed();
    const shop = workshop({
      clock,
      describe: async (event, attempt) => {
        seen.push({ event, attempt, at: clock.elapsed() - begun });
        return seen.length < 3 ? deferred(clock, 600_000) : DONE;
      },
    });
    await shop.send({ tries: 3, etag: 'e1' });
    await shop.runUntil(async () => (await shop.events.length()) === 0);
    expect(seen.map(({ attempt, event }) => [attempt, event.tries, event.etag])).toEqual([
      [4, 3, 'e1'],
      [4, 3, 'e1'],
      [4, 3, 'e1'],
    ]);
    expect(seen[1]?.at).toBeGreaterThanOrEqual(600_000);
    expect(seen[2]?.at).toBeGreaterThanOrEqual(1_200_000);
    expect(await shop.poison.length()).toBe(0);
  });

  test('that takes minutes stays hidden from another worker, and is removed by the one that has it', async () => {
    const clock = new SimulatedClock();
    const never = new AbortController().signal;
    let described = 0;
    const shop = workshop({
      clock,
      describe: async () => {
        described++;
        await clock.sleep(300_000, never);
        return DONE;
      },
    });
    await shop.send();
    const other = shop.make().run(shop.stop.signal);
    await shop.runUntil(async () => (await shop.events.length()) === 0);
    await other;
    expect(described).toBe(1);
    expect(shop.reports).toMatchObject([{ milliseconds: 300_000 }]);
  });

  test('whose renewal failed once is worked on to its end, and removed', async () => {
    const clock = new SimulatedClock();
    let hides = 0;
    const shop = workshop({
      clock,
      events: (queue) =>
        faultyQueue(queue, ({ operation }) => (operation === 'hide' && ++hides === 1 ? 'fails' : 'ok')),
      describe: async () => {
        await clock.sleep(45_000, new AbortController().signal);
        return DONE;
      },
    });
    await shop.send();
    await shop.runUntil(() => shop.reports.length > 0);
    expect([hides, shop.warnings.length]).toEqual([4, 1]);
    expect(await shop.events.length()).toBe(0);
  });

  test('that has become someone else’s is worked on to its end, and left to them', async () => {
    const clock = new SimulatedClock();
    let hides = 0;
    const shop = workshop({
      clock,
      events: (queue) =>
        faultyQueue(queue, ({ operation }) => (operation === 'hide' && ++hides <= 3 ? 'fails' : 'ok')),
      describe: async () => {
        await clock.sleep(31_000, new AbortController().signal);
        // Another worker got it, and its receipt is the one that counts.
        if ((await shop.events.receive({ max: 1, hidden: 300_000 })).length === 0) throw new Error('hidden');
        await clock.sleep(10_000, new AbortController().signal);
        return FAILED;
      },
    });
    await shop.send();
    await shop.runUntil(() => shop.reports.length > 0);
    expect(shop.reports).toMatchObject([{ handled: { outcome: FAILED } }]);
    // The three renewals that failed, and nothing of the end.
    expect([hides, shop.warnings.length]).toEqual([4, 3]);
    expect(await shop.events.length()).toBe(1);
  });
});

describe('a worker', () => {
  test('works on as many messages at once as it may, and not on one more', async () => {
    const open = gate();
    let running = 0;
    let most = 0;
    const shop = workshop({
      concurrency: 3,
      describe: async () => {
        most = Math.max(most, ++running);
        await open.promise;
        running--;
        return DONE;
      },
    });
    for (let n = 0; n < 10; n++) await shop.send({ name: `${n}.jpg` });
    await shop.runUntil(async () => {
      if (running === 3) open.open();
      return (await shop.events.length()) === 0;
    });
    expect([most, shop.reports.length]).toEqual([3, 10]);
  });

  test('begins the next message when one is done, while another still runs', async () => {
    const open = gate();
    let running = 0;
    let most = 0;
    const shop = workshop({
      concurrency: 2,
      describe: async ({ name }) => {
        most = Math.max(most, ++running);
        await (name === 'slow.jpg' ? open.promise : undefined);
        running--;
        return DONE;
      },
    });
    for (const name of ['slow.jpg', 'a.jpg', 'b.jpg', 'c.jpg']) await shop.send({ name });
    await shop.runUntil(async () => {
      if (shop.reports.length === 3) open.open();
      return (await shop.events.length()) === 0;
    });
    expect(shop.reports.map(({ handled }) => 'event' in handled && handled.event.name)).toEqual([
      ...['a.jpg', 'b.jpg', 'c.jpg', 'slow.jpg'],
    ]);
    expect(most).toBe(2);
  });

  test('shares a queue with another: each message is worked on once', async () => {
    const described: string[] = [];
    const clock = new SimulatedClock();
    const shop = workshop({
      clock,
      describe: async ({ name }) => {
        described.push(name);
        await clock.sleep(700, new AbortController().signal);
        return DONE;
      },
    });
    const names = Array.from({ length: 50 }, (_, n) => `${n}.jpg`);
    for (const name of names) await shop.send({ name });
    const other = shop.make().run(shop.stop.signal);
    await shop.runUntil(async () => (await shop.events.length()) === 0);
    await other;
    expect(described.toSorted()).toEqual(names.toSorted());
  });

  test('looks into an empty queue less and less often, and at once when it is woken', async () => {
    const clock = new SimulatedClock();
    const looks: number[] = [];
    const begun = clock.elapsed();
    const shop = workshop({
      clock,
      maxPause: 1_000,
      events: (queue) =>
        faultyQueue(queue, ({ operation }) => {
          if (operation === 'receive') looks.push(clock.elapsed() - begun);
          return 'ok';
        }),
      describe: async () => DONE,
    });
    const worker = shop.make();
    let isWoken = false;
    await shop.runUntil(async () => {
      if (clock.elapsed() - begun === 4_000 && !isWoken) {
        isWoken = true;
        await shop.send();
        worker.wake();
      }
      return clock.elapsed() - begun >= 5_000;
    }, worker);
    expect(looks.slice(0, 7)).toEqual([0, 100, 300, 700, 1_500, 2_500, 3_500]);
    expect(looks.slice(7, 9)).toEqual([4_000, 4_000]);
    expect(shop.reports).toHaveLength(1);
  });

  test('that is woken while it looks, looks again at once', async () => {
    const shop = workshop({
      maxPause: 600_000,
      events: (queue) => ({
        ...faultyQueue(queue, () => 'ok'),
        async receive(options) {
          const messages = await queue.receive(options);
          if (shop.reports.length === 0 && messages.length === 0) {
            await shop.send();
            worker.wake();
          }
          return messages;
        },
      }),
      describe: async () => DONE,
    });
    const worker = shop.make();
    const begun = shop.clock.elapsed();
    const running = worker.run(shop.stop.signal);
    await shop.clock.runUntilSettled(running, () => {
      if (shop.reports.length > 0) shop.stop.abort();
      return true;
    });
    expect(shop.clock.elapsed()).toBe(begun);
  });
});
