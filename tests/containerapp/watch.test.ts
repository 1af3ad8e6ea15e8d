import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { settle, Told } from '../../containerapp/told.ts';
import { type Notice, type WatchOptions, watch } from '../../containerapp/watch.ts';
import type { Outcome } from '../../core/describe/outcome.ts';
import { FailedError, RefusedError } from '../../core/errors.ts';
import { readMessage } from '../../core/queue/message.ts';
import { promptName } from '../../core/store/names.ts';
import { type Decide, faultyBlobs, faultyQueue } from '../memory/faults.ts';
import { MemoryBlobs } from '../memory/memory-blobs.ts';
import { MemoryQueue } from '../memory/memory-queue.ts';
import { SimulatedClock } from '../simulated-clock.ts';
import { until } from '../until.ts';

const PAUSE_MS = 1_000;

let clock: SimulatedClock;
let blobs: MemoryBlobs;
let queue: MemoryQueue;
let notices: Notice[];
let warnings: unknown[];
let wakes: number;
let stop: AbortController;
let watching: Promise<void>;

beforeEach(() => {
  clock = new SimulatedClock();
  blobs = new MemoryBlobs(clock);
  queue = new MemoryQueue(clock);
  notices = [];
  warnings = [];
  wakes = 0;
  stop = new AbortController();
  watching = Promise.resolve();
});
afterEach(async () => {
  stop.abort();
  await watching;
});

/** Begins to watch, and looks for the first time. */
async function begin(options: Partial<WatchOptions> = {}, decide: Decide = () => 'ok'): Promise<void> {
  watching = watch({
    blobs: faultyBlobs(blobs, decide),
    events: faultyQueue(queue, decide),
    prefix: '',
    since: async () => null,
    isPaused: false,
    clock,
    pause: () => PAUSE_MS,
    wake: () => wakes++,
    notice: (notice) => notices.push(notice),
    warn: (error) => warnings.push(error),
    signal: stop.signal,
    ...options,
  });
  await looked();
}

async function lookAgain(): Promise<void> {
  clock.advance(PAUSE_MS);
  await looked();
}

/** Once a look is over, the watcher sleeps. */
const looked = () => until('the look is over', () => clock.untilNext() < Number.POSITIVE_INFINITY);

async function drop(name: string, content = 'pixels'): Promise<string> {
  const written = await blobs.write(name, Buffer.from(content), {
    ...{ contentType: 'image/jpeg', condition: 'any' },
  });
  if (written === 'conflict') throw new Error('there was no condition');
  return written.etag;
}

/** What was queued since this was last asked. */
async function sent() {
  const messages = await queue.receive({ max: 32, hidden: 1_000 });
  for (const message of messages) await queue.remove(message);
  return messages.map(({ text }) => readMessage(text, 'images'));
}

const event = (name: string, etag: string) => ({
  event: { container: 'images', name, etag },
  contentType: 'image/*',
});

describe('The watcher', () => {
  test('queues each version of an image once, and wakes who waits for it', async () => {
    const first = await drop('a.jpg');
    await drop('notes.txt');
    await begin();
    expect(await sent()).toEqual([event('a.jpg', first)]);
    await lookAgain();
    expect([await sent(), wakes]).toEqual([[], 1]);
    const second = await drop('a.jpg');
    await lookAgain();
    expect([await sent(), wakes]).toEqual([[event('a.jpg', second)], 2]);
  });

  test('queues nothing for an image that has its prompt, and forgets it: taken away, the prompt is made anew', async () => {
    const etag = await drop('a.jpg');
    await begin();
    expect(await sent()).toHaveLength(1);
    await blobs.write(promptName('a.jpg'), Buffer.from('a person wrote this'), {
      ...{ contentType: 'text/plain', condition: 'new' },
    });
    await lookAgain();
    expect(await sent()).toEqual([]);
    await blobs.remove(promptName('a.jpg'));
    await lookAgain();
    expect(await sent()).toEqual([event('a.jpg', etag)]);
  });

  test('queues an image again whose prompt was made and taken away between two looks', async () => {
    const images = new Told();
    const etag = await drop('a.jpg');
    await begin({ images });
    expect(await sent()).toEqual([event('a.jpg', etag)]);
    images.settle('a.jpg');
    await lookAgain();
    expect(await sent()).toEqual([event('a.jpg', etag)]);
    await lookAgain();
    expect(await sent()).toEqual([]);
  });

  test('offers an image again whose event could not be queued, and warns once while that stays so', async () => {
    const etag = await drop('a.jpg');
    let isDown = true;
    await begin({}, ({ operation }) => (operation === 'send' && isDown ? 'fails' : 'ok'));
    await lookAgain();
    expect([await sent(), wakes, warnings.length]).toEqual([[], 0, 1]);
    expect(warnings[0]).toBeInstanceOf(FailedError);
    isDown = false;
    await lookAgain();
    expect(await sent()).toEqual([event('a.jpg', etag)]);
  });

  test('queues what was there when it began only once the queue is empty, since it may lie there already', async () => {
    const etag = await drop('a.jpg');
    await queue.send('of an earlier run');
    await begin();
    const newer = await drop('b.jpg');
    await lookAgain();
    const [earlier, ...others] = await queue.receive({ max: 32, hidden: 60_000 });
    expect(others.map(({ text }) => readMessage(text, 'images'))).toEqual([event('b.jpg', newer)]);
    for (const message of others) await queue.remove(message);
    await lookAgain();
    // What is hidden is still there.
    expect(await queue.length()).toBe(1);
    if (earlier) await queue.remove(earlier);
    await blobs.write(promptName('b.jpg'), Buffer.from('{}'), {
      ...{ contentType: 'application/json', condition: 'new' },
    });
    await lookAgain();
    expect(await sent()).toEqual([event('a.jpg', etag)]);
    await lookAgain();
    expect(await sent()).toEqual([]);
  });

  test('does not wait for what was put off, but for all that is worked on or may come back soon', async () => {
    const etag = await drop('a.jpg');
    await queue.send('put off', { delay: 6 * 3_600_000 });
    await queue.send('of one who died');
    await queue.receive({ max: 1, hidden: 30_000 });
    let isIdle = true;
    await begin({ isIdle: () => isIdle });
    for (let seconds = 0; seconds < 40; seconds++) await lookAgain();
    const [again] = await queue.receive({ max: 1, hidden: 600_000 });
    isIdle = false;
    for (let seconds = 0; seconds < 90; seconds++) await lookAgain();
    if (again) await queue.remove(again);
    isIdle = true;
    for (let seconds = 0; seconds < 60; seconds++) await lookAgain();
    expect(await sent()).toEqual([]);
    for (let seconds = 0; seconds < 3; seconds++) await lookAgain();
    expect(await sent()).toEqual([event('a.jpg', etag)]);
  });

  test('forgets nothing when a listing fails', async () => {
    await drop('a.jpg');
    let isDown = false;
    await begin({}, ({ operation }) => (operation === 'page' && isDown ? 'fails' : 'ok'));
    expect(await sent()).toHaveLength(1);
    isDown = true;
    await lookAgain();
    await lookAgain();
    expect(warnings).toHaveLength(1);
    isDown = false;
    await lookAgain();
    expect(await sent()).toEqual([]);
  });

  test('leaves what was there before the first start, and says once how many that are', async () => {
    await drop('old-1.jpg');
    await drop('old-2.jpg');
    clock.advance(60_000);
    const since = new Date(clock.now());
    const etag = await drop('new.jpg');
    await begin({ since: async () => since });
    await lookAgain();
    expect(await sent()).toEqual([event('new.jpg', etag)]);
    expect(notices).toEqual([{ kind: 'older', count: 2 }]);
    const again = await drop('old-1.jpg');
    await lookAgain();
    expect(await sent()).toEqual([event('old-1.jpg', again)]);
  });

  test('tells once of a name that no output fits', async () => {
    const name = `${'x'.repeat(1_010)}.jpg`;
    await drop(name);
    await begin();
    await lookAgain();
    expect(notices).toEqual([{ kind: 'unusable', name }]);
    expect(await sent()).toEqual([]);
  });

  test('queues nothing while describing is paused', async () => {
    await drop('a.jpg');
    await begin({ isPaused: true });
    expect(await sent()).toEqual([]);
  });

  test('looks for the first start again when storage did not tell it', async () => {
    await drop('a.jpg');
    const answers = [Promise.reject(new FailedError('storage-unavailable')), Promise.resolve(null)];
    await begin({ since: async () => answers.shift() ?? null });
    expect([await sent(), warnings.length]).toEqual([[], 1]);
    await lookAgain();
    expect(await sent()).toHaveLength(1);
  });
});

test('an image that is done while a look runs is not told of again by that look', () => {
  const told = new Told();
  told.begin();
  expect(told.add('a', '1')).toBe(true);
  told.settle('a');
  expect(told.add('a', '1')).toBe(false);
  told.end();
  told.begin();
  expect(told.add('a', '1')).toBe(true);
});

test.each<[Outcome, boolean]>([
  [{ status: 'done', document: null }, true],
  [{ status: 'failed', error: new FailedError('internal') }, false],
  [{ status: 'refused', error: new RefusedError('invalid-request') }, false],
])('what became of an image, %j, lets it be told of again: %j', (outcome, expected) => {
  const told = new Told();
  told.add('a', '1');
  const event = { container: 'images', name: 'a' };
  const handled = { status: 'handled', event, outcome, comesBack: false } as const;
  settle({ id: 'm', handled, milliseconds: 1 }, told);
  told.begin();
  expect(told.add('a', '1')).toBe(expected);
});

test('no more than so many images are told of at a time; the others come when these are done', () => {
  const told = new Told(2);
  const look = (names: string[]) => {
    told.begin();
    const added = names.filter((name) => told.add(name, '1'));
    told.end();
    return added;
  };
  expect(look(['a', 'b', 'c'])).toEqual(['a', 'b']);
  expect(look(['a', 'b', 'c'])).toEqual([]);
  expect(look(['b', 'c'])).toEqual([]);
  expect(look(['b', 'c'])).toEqual(['c']);
});
