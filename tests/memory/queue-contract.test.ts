import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { AzureQueue, connectQueues } from '../../core/queue/azure-queue.ts';
import type { Queue } from '../../core/queue/queue.ts';
import { startAzurite } from '../azurite.ts';
import { SimulatedClock } from '../simulated-clock.ts';
import { MemoryQueue } from './memory-queue.ts';

/** What is promised of a queue, of the real one and of the one in memory that the models are tested with. */

let azurite: Awaited<ReturnType<typeof startAzurite>>;
let queues = 0;

beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.close());

const inMemory = async () => new MemoryQueue(new SimulatedClock(), 'contract');

async function inAzurite(): Promise<Queue> {
  const service = connectQueues({ connectionString: azurite.connectionString });
  return new AzureQueue(service.getQueueClient(`contract-${++queues}`));
}

describe.each([
  ['in memory', inMemory],
  ['in Azurite', inAzurite],
])('a queue %s', (_, open) => {
  let queue: Queue;

  beforeEach(async () => {
    queue = await open();
  });

  const receive = (max = 32) => queue.receive({ max, hidden: 30_000 });

  test('gives each message to one receiver at a time, in order', async () => {
    for (const text of ['one', 'two', 'three']) await queue.send(text);
    expect(await receive(2)).toMatchObject([
      { text: 'one', dequeueCount: 1 },
      { text: 'two', dequeueCount: 1 },
    ]);
    expect(await receive()).toMatchObject([{ text: 'three' }]);
    expect(await receive()).toEqual([]);
    expect(await queue.length()).toBe(3);
  });

  test('gives a message again that was made visible, and counts it', async () => {
    await queue.send('one');
    const [first] = await receive();
    if (first === undefined) throw new Error('it was sent');
    const shown = await queue.hide(first, 0);
    expect(shown).toMatchObject({ id: first.id, text: 'one' });
    expect(await receive()).toMatchObject([{ id: first.id, text: 'one', dequeueCount: 2 }]);
  });

  test('lets only the latest receipt hide or remove a message', async () => {
    await queue.send('one');
    const [first] = await receive();
    if (first === undefined) throw new Error('it was sent');
    await queue.hide(first, 0);
    const [second] = await receive();
    if (second === undefined) throw new Error('it was made visible');
    expect(await queue.hide(first, 30_000)).toBeNull();
    expect(await queue.remove(first)).toBe(false);
    expect(await queue.remove(second)).toBe(true);
    expect(await queue.remove(second)).toBe(false);
    expect(await queue.hide(second, 30_000)).toBeNull();
    expect(await queue.length()).toBe(0);
  });

  test('keeps a delayed message from receivers and from those who peek', async () => {
    await queue.send('late', { delay: 60_000 });
    await queue.send('soon');
    expect(await queue.peek(32)).toMatchObject([{ text: 'soon', dequeueCount: 0 }]);
    expect(await receive()).toMatchObject([{ text: 'soon' }]);
    expect(await queue.peek(32)).toEqual([]);
    expect(await queue.length()).toBe(2);
  });

  test('takes a delay of more than seven days for the longest there is', async () => {
    await queue.send('late', { delay: 30 * 24 * 60 * 60_000 });
    expect(await queue.length()).toBe(1);
  });

  test('fails to send more than a message can hold, or for a caller that has stopped', async () => {
    await expect(queue.send('x'.repeat(64 * 1024 + 1))).rejects.toMatchObject({
      code: 'storage-unavailable',
    });
    const signal = AbortSignal.abort();
    await expect(queue.send('x', { signal })).rejects.toMatchObject({ code: 'storage-unavailable' });
    await expect(queue.receive({ max: 1, hidden: 1_000, signal })).rejects.toMatchObject({
      code: 'storage-unavailable',
    });
  });
});

test('a queue in memory shows a message again when its time has come', async () => {
  const clock = new SimulatedClock();
  const queue = new MemoryQueue(clock);
  await queue.send('one', { delay: 1_500 });
  clock.advance(1_999);
  expect([await queue.receive({ max: 1, hidden: 30_000 }), queue.untilNext()]).toEqual([[], 1]);
  clock.advance(1);
  expect(await queue.receive({ max: 1, hidden: 30_000 })).toHaveLength(1);
  clock.advance(29_999);
  expect(await queue.receive({ max: 1, hidden: 30_000 })).toEqual([]);
  clock.advance(1);
  expect(await queue.receive({ max: 1, hidden: 30_000 })).toMatchObject([{ dequeueCount: 2 }]);
});
