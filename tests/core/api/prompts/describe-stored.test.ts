import { beforeEach, describe, expect, test } from '@jest/globals';
import { describeStored } from '../../../../core/api/prompts/describe-stored.ts';
import { dateIn } from '../../../../core/clock.ts';
import { parseConfig } from '../../../../core/config.ts';
import { DeferredError, FailedError, RefusedError } from '../../../../core/errors.ts';
import type { Log } from '../../../../core/log.ts';
import { createProgram } from '../../../../core/program.ts';
import { readMessage } from '../../../../core/queue/message.ts';
import type { Vision } from '../../../../core/vision/vision.ts';
import { photo } from '../../../fixtures/images/photo.ts';
import { faultyQueue } from '../../../memory/faults.ts';
import { MemoryBlobs } from '../../../memory/memory-blobs.ts';
import { MemoryQueue } from '../../../memory/memory-queue.ts';
import { SimulatedClock } from '../../../simulated-clock.ts';

const NAME = 'a.jpg';

let clock: SimulatedClock;
let blobs: MemoryBlobs;
let queue: MemoryQueue;
let logged: string[];
let signal: AbortSignal;

const log: Log = {
  info() {},
  warn() {},
  error: (_fields, message) => logged.push(message),
};

beforeEach(async () => {
  clock = new SimulatedClock();
  blobs = new MemoryBlobs(clock);
  queue = new MemoryQueue(clock);
  logged = [];
  signal = new AbortController().signal;
  await blobs.write(NAME, await photo({ width: 160, height: 120 }), {
    ...{ contentType: 'image/jpeg', condition: 'new' },
  });
});

/** Describes the image with a provider that does this. */
async function run(
  analyze: Vision['analyze'],
  events = faultyQueue(queue, () => 'ok'),
  asked: { readonly force?: boolean; readonly language?: string } = {},
) {
  const config = parseConfig({ STORAGE: 'UseDevelopmentStorage=true' });
  if (config.storage === null) throw new Error('these settings name no storage');
  const program = await createProgram(config, config.storage, log);
  const vision = { ...program.settings.vision, analyze };
  const settings = { ...program.settings, clock, vision };
  return describeStored(NAME, { blobs, events, settings, log }, { ...asked, signal });
}

const throwing =
  (error: Error): Vision['analyze'] =>
  async () => {
    throw error;
  };

/** What can be received after so many milliseconds, but not a second before. */
async function queuedIn(ms: number) {
  if (ms > 0) {
    clock.advance(ms - 1_000);
    expect(await queue.peek(1)).toEqual([]);
    clock.advance(1_000);
  }
  return (await queue.peek(32)).map(({ text }) => readMessage(text, 'images'));
}

const event = (tries: number) => ({
  event: { container: 'images', name: NAME, tries },
  contentType: 'image/*',
});

describe('A stored image that a client waits for', () => {
  test('is tried again half a minute after it failed, which was its first try', async () => {
    const outcome = await run(throwing(new FailedError('vision-unavailable')));
    expect(outcome.status).toBe('failed');
    expect(await queuedIn(30_000)).toEqual([event(1)]);
  });

  test('is described then as it was asked for now', async () => {
    const asked = { force: true, language: 'de' };
    await run(throwing(new FailedError('vision-unavailable')), undefined, asked);
    const [queued] = await queuedIn(30_000);
    expect(queued).toEqual({ ...event(1), event: { ...event(1).event, ...asked } });
  });

  test('is offered again when it is time, where it was put off, and that was no try', async () => {
    const outcome = await run(throwing(new DeferredError('vision-circuit-open', dateIn(clock, 120_000))));
    expect(outcome.status).toBe('deferred');
    expect(await queuedIn(120_000)).toEqual([event(0)]);
  });

  test('is described all the same when the client goes away', async () => {
    const client = new AbortController();
    signal = client.signal;
    const describing = run(async () => {
      client.abort(new Error('gone'));
      throw new Error('nobody listens');
    });
    await expect(describing).rejects.toThrow('gone');
    expect(await queuedIn(0)).toEqual([event(0)]);
  });

  test('is no business of the queue once it has its answer', async () => {
    expect((await run(throwing(new RefusedError('content-filtered')))).status).toBe('refused');
    await blobs.remove(NAME);
    expect((await run(throwing(new FailedError('vision-unavailable')))).status).toBe('gone');
    expect(await queue.length()).toBe(0);
  });

  test('is answered as it ended where the queue cannot take it, and the log says so', async () => {
    const deaf = faultyQueue(queue, () => 'fails');
    const outcome = await run(throwing(new FailedError('vision-timeout')), deaf);
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'vision-timeout' } });
    expect(logged).toEqual(['an image could not be queued']);
  });
});
