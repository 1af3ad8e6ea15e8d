import { beforeEach, describe, expect, test } from '@jest/globals';
import { Outbox } from '../../../core/notify/outbox.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { until } from '../../until.ts';

let clock: SimulatedClock;
let lost: string[];
beforeEach(() => {
  clock = new SimulatedClock();
  lost = [];
});

/** Work whose end a test decides. */
function work() {
  const { promise, resolve } = Promise.withResolvers<number | null>();
  let attempts = 0;
  let isOver = false;
  return {
    end(wait: number | null) {
      isOver = true;
      resolve(wait);
    },
    get attempts() {
      return attempts;
    },
    task(name = 'task') {
      return {
        try: async (_attempt: number, signal: AbortSignal) => {
          attempts++;
          signal.addEventListener('abort', () => {
            if (!isOver) lost.push(`${name} called off`);
            resolve(null);
          });
          return promise;
        },
        lost: (reason: string) => lost.push(`${name} ${reason}`),
      };
    },
  };
}

describe('What is to be told', () => {
  test('waits in a bounded number: more is lost at once, and told so', async () => {
    const outbox = new Outbox({ clock, max: 3, concurrency: 1 });
    const endless = work();
    for (const name of ['a', 'b', 'c', 'd', 'e']) outbox.add(endless.task(name));
    expect([outbox.waiting, lost]).toEqual([3, ['d full', 'e full']]);
    endless.end(null);
    await until('nothing waits', () => outbox.waiting === 0);
    outbox.add(endless.task('f'));
    expect([outbox.waiting, lost]).toEqual([1, ['d full', 'e full']]);
    await outbox.close(1);
  });

  test('is attempted a few at once, and what rests takes nobody’s place', async () => {
    const outbox = new Outbox({ clock, concurrency: 2 });
    const first = work();
    const second = work();
    for (const each of [first, first, second, second]) outbox.add(each.task());
    await until('two attempts', () => first.attempts === 2);
    expect(second.attempts).toBe(0);
    first.end(60_000);
    await until('two more attempts', () => second.attempts === 2);
    expect(outbox.waiting).toBe(4);
    second.end(null);
    await until('the last two are told', () => outbox.waiting === 2);
    await outbox.close(1);
  });
});

describe('Whoever wants to wait', () => {
  test('waits for the first attempt, and not for what rests after it', async () => {
    const outbox = new Outbox({ clock });
    const slow = work();
    let isAttempted = false;
    const attempted = outbox.add(slow.task()).then(() => {
      isAttempted = true;
    });
    await until('an attempt', () => slow.attempts === 1);
    expect(isAttempted).toBe(false);
    slow.end(60_000);
    await attempted;
    expect(outbox.waiting).toBe(1);
    await outbox.close(1);
  });

  test('does not wait for what is lost', async () => {
    const outbox = new Outbox({ clock, max: 0 });
    await outbox.add(work().task('a'));
    await outbox.close(1);
    await outbox.add(work().task('b'));
    expect(lost).toEqual(['a full', 'b stopped']);
  });
});

describe('When the program ends', () => {
  test('what was not attempted yet still is, what rests is lost, and nothing more is taken', async () => {
    const outbox = new Outbox({ clock, concurrency: 1 });
    const resting = work();
    outbox.add(resting.task('resting'));
    resting.end(60_000);
    await until('a minute of rest', () => clock.untilNext() === 60_000);
    const begun = work();
    const queued = work();
    outbox.add(begun.task('begun'));
    outbox.add(queued.task('queued'));
    const closed = outbox.close(5_000);
    begun.end(null);
    queued.end(null);
    await closed;
    outbox.add(queued.task('late'));
    expect([queued.attempts, lost]).toEqual([1, ['resting stopped', 'late stopped']]);
  });

  test('what is still not told when its time is up is called off, or lost, and told so', async () => {
    const outbox = new Outbox({ clock, concurrency: 1 });
    const endless = work();
    outbox.add(endless.task('begun'));
    outbox.add(work().task('queued'));
    await until('an attempt', () => endless.attempts === 1);
    const closed = outbox.close(5_000);
    clock.advance(5_000);
    await closed;
    expect(lost).toEqual(['begun called off', 'queued stopped']);
    expect(outbox.waiting).toBe(0);
  });
});
