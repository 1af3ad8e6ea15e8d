import { expect, test } from '@jest/globals';
import { FailedError } from '../../../core/errors.ts';
import { encodeEvent, encodeStep } from '../../../core/queue/message.ts';
import type { Queue } from '../../../core/queue/queue.ts';
import { preview, type Redriven, redrive } from '../../../core/queue/redrive.ts';
import { faultyQueue } from '../../memory/faults.ts';
import { MemoryQueue } from '../../memory/memory-queue.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { base64, eventGrid } from './storage-events.ts';
import { eventsIn } from './workshop.ts';

async function poisoned(texts: readonly string[]) {
  const clock = new SimulatedClock();
  const events = new MemoryQueue(clock);
  const poison = new MemoryQueue(clock, 'image-events-poison');
  for (const text of texts) await poison.send(text);
  const told: Redriven[] = [];
  const run = (
    options: {
      readonly discardMalformed?: boolean;
      readonly signal?: AbortSignal;
      readonly from?: Queue;
      readonly to?: Queue;
      readonly tell?: (redriven: Redriven) => void;
    } = {},
  ) => {
    const { from = poison, to = events, discardMalformed = false } = options;
    return redrive({
      ...{ events: to, poison: from, container: 'images', discardMalformed },
      tell: (redriven) => {
        told.push(redriven);
        options.tell?.(redriven);
      },
      signal: options.signal ?? new AbortController().signal,
    });
  };
  return { clock, events, poison, told, run };
}

const eventOf = (name: string, tries?: number) => encodeEvent({ container: 'images', name, tries });

const BATCH = '0f9d5c1e7ab34c2f8e6d1b0a59c47e13';

test('events of images are queued again as if never tried, and everything else stays where it is', async () => {
  const { events, poison, told, run } = await poisoned([
    eventOf('a.jpg', 4),
    'no event',
    base64(eventGrid({ name: 'b.jpg' })),
    base64({ container: 'other', name: 'c.jpg' }),
    encodeStep(BATCH),
  ]);
  expect(await run()).toEqual({ moved: 3, left: 2, discarded: 0 });
  expect(told).toEqual([
    { kind: 'moved', name: 'a.jpg' },
    { kind: 'left', reason: 'encoding' },
    { kind: 'moved', name: 'b.jpg' },
    { kind: 'left', reason: 'other-container' },
    { kind: 'moved', name: BATCH },
  ]);
  expect(await eventsIn(events)).toMatchObject([
    { name: 'a.jpg', tries: 0 },
    { name: 'b.jpg', tries: 0 },
    BATCH,
  ]);
  // Visible again at once, not only when they would be by themselves.
  expect(await eventsIn(poison)).toEqual(['encoding', 'other-container']);
});

test('what is no event is removed when that is asked for', async () => {
  const { events, poison, run } = await poisoned(['no event', eventOf('a.jpg')]);
  expect(await run({ discardMalformed: true })).toEqual({ moved: 1, left: 0, discarded: 1 });
  expect([await events.length(), await poison.length()]).toEqual([1, 0]);
});

test('a preview says what would be done, and changes nothing', async () => {
  const names = Array.from({ length: 40 }, (_, n) => `${n}.jpg`);
  const { events, poison } = await poisoned(['no event', ...names.map((name) => eventOf(name))]);
  const options = { poison, container: 'images', discardMalformed: false };
  const { first, total } = await preview(options);
  expect([first.length, total]).toEqual([32, 41]);
  expect(first.slice(0, 2)).toEqual([
    { kind: 'left', reason: 'encoding' },
    { kind: 'moved', name: '0.jpg' },
  ]);
  expect([await events.length(), (await eventsIn(poison)).length]).toEqual([0, 32]);
});

test('it ends though what is moved fails again meanwhile, and though what is left is received again', async () => {
  const { clock, events, poison, told, run } = await poisoned([
    ...Array.from({ length: 40 }, (_, n) => eventOf(`${n}.jpg`)),
    'no event',
  ]);
  const tell = (redriven: Redriven) => {
    if (told.length > 41) throw new Error('it goes in a circle');
    // Each comes back to where it was, and time passes until what is hidden is seen again.
    if (redriven.kind === 'moved') void poison.send(eventOf(redriven.name));
    clock.advance(11 * 60_000);
  };
  const { moved, left } = await run({ tell });
  expect(moved + left).toBeLessThanOrEqual(41);
  expect(told.length).toBe(moved + left);
  expect(left).toBeLessThanOrEqual(1);
  expect((await events.length()) + 41 - moved).toBe(41);
});

test('interrupted, it loses nothing and hides nothing', async () => {
  const stop = new AbortController();
  const names = Array.from({ length: 40 }, (_, n) => `${n}.jpg`);
  const { events, poison, run } = await poisoned(['no event', ...names.map((name) => eventOf(name))]);
  const sum = await run({
    signal: stop.signal,
    tell: (redriven) => {
      if (redriven.kind === 'moved' && redriven.name === '6.jpg') stop.abort();
    },
  });
  expect(sum).toEqual({ moved: 7, left: 1, discarded: 0 });
  expect(await events.length()).toBe(7);
  expect(await poison.length()).toBe(34);
  expect(await poison.receive({ max: 32, hidden: 1_000 })).toHaveLength(32);
  expect(await poison.receive({ max: 32, hidden: 1_000 })).toHaveLength(2);
});

test.each(['send', 'remove', 'receive', 'hide'] as const)(
  'nothing is lost when the queues fail to %s',
  async (operation) => {
    const { events, poison, run } = await poisoned([eventOf('a.jpg'), eventOf('b.jpg'), 'no event']);
    let calls = 0;
    const fails = (queue: Queue) =>
      faultyQueue(queue, (call) => (call.operation === operation && ++calls === 1 ? 'fails' : 'ok'));
    const running = run({ from: fails(poison), to: fails(events) });
    if (operation === 'hide') expect(await running).toEqual({ moved: 2, left: 1, discarded: 0 });
    else await expect(running).rejects.toThrow(FailedError);
    const names = [...(await eventsIn(events)), ...(await eventsIn(poison))].map((event) =>
      typeof event === 'string' ? event : event.name,
    );
    expect(new Set(names)).toEqual(
      new Set(['a.jpg', 'b.jpg', ...(operation === 'hide' ? [] : ['encoding'])]),
    );
    expect(await poison.length()).toBeGreaterThanOrEqual(1);
  },
);
