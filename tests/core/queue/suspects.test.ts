import { expect, test } from '@jest/globals';
import { SimulatedClock } from '../../simulated-clock.ts';
import { DONE, FAILED, workshop } from './workshop.ts';

test('A message that failed comes back among all others; those that someone left without a word come one by one', async () => {
  const clock = new SimulatedClock();
  const never = new AbortController().signal;
  const failing = new Set(['0.jpg', '1.jpg', '2.jpg']);
  let running = 0;
  let most = 0;
  const shop = workshop({
    clock,
    describe: async ({ name }) => {
      if (failing.delete(name)) return FAILED;
      most = Math.max(most, ++running);
      await clock.sleep(8_000, never);
      running--;
      return DONE;
    },
  });
  const isDone = async () => (await shop.events.length()) === 0;
  for (const name of failing) await shop.send({ name });
  await shop.runUntil(isDone);
  expect(most).toBe(3);
  most = 0;
  const next = workshop({ clock, describe: shop.handler.describe, events: () => shop.events });
  for (const name of ['a.jpg', 'b.jpg', 'c.jpg']) await shop.send({ name });
  await shop.events.receive({ max: 3, hidden: 1_000 });
  await next.runUntil(isDone);
  expect(most).toBe(1);
});

test('A message that waits for its turn when the worker is to stop is given back', async () => {
  const clock = new SimulatedClock();
  const begun: string[] = [];
  const shop = workshop({
    clock,
    describe: async ({ name }, _attempt, signal) => {
      begun.push(name);
      shop.stop.abort();
      await clock.sleep(8_000, signal);
      return DONE;
    },
  });
  for (const name of ['a.jpg', 'b.jpg', 'c.jpg']) await shop.send({ name });
  await shop.events.receive({ max: 3, hidden: 1_000 });
  await shop.runUntil(() => begun.length > 0);
  expect(begun).toHaveLength(1);
  expect(await shop.events.length()).toBe(2);
});
