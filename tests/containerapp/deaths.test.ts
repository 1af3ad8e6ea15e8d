import { expect, test } from '@jest/globals';
import { watch } from '../../containerapp/watch.ts';
import { parseConfig } from '../../core/config.ts';
import { describeImage } from '../../core/describe/describe-image.ts';
import { MAX_TRIES } from '../../core/describe/outcome.ts';
import { createLog } from '../../core/log.ts';
import { createProgram } from '../../core/program.ts';
import { QueueWorker } from '../../core/queue/worker.ts';
import { errorName, promptName } from '../../core/store/names.ts';
import { photo } from '../fixtures/images/photo.ts';
import { faultyBlobs, faultyQueue } from '../memory/faults.ts';
import { MemoryBlobs } from '../memory/memory-blobs.ts';
import { MemoryQueue } from '../memory/memory-queue.ts';
import { SimulatedClock } from '../simulated-clock.ts';

const STORAGE = 'UseDevelopmentStorage=true';

/** So soon a program that died is started again. */
const RESTART_MS = 1_000;

const clock = new SimulatedClock();
const blobs = new MemoryBlobs(clock);
const events = new MemoryQueue(clock);
const poison = new MemoryQueue(clock, 'image-events-poison');

/** Watches and works until looking at the deadly image ends the process, or the last image was handled. */
async function live(deadly: Buffer, isDone: () => Promise<boolean>): Promise<'died' | 'done'> {
  const program = await createProgram(
    parseConfig({ STORAGE }),
    { connectionString: STORAGE },
    createLog('silent'),
  );
  const ended = Promise.withResolvers<'died' | 'done'>();
  const stop = new AbortController();
  let isDead = false;
  const decide = () => (isDead ? 'dies' : 'ok');
  const mine = { blobs: faultyBlobs(blobs, decide), events: faultyQueue(events, decide) };
  const settings: typeof program.settings = {
    ...program.settings,
    clock,
    tellNews: undefined,
    look: async (bytes, options) => {
      if (!deadly.equals(bytes)) return program.settings.look(bytes, options);
      isDead = true;
      ended.resolve('died');
      return new Promise(() => {});
    },
  };
  const handler = {
    ...program.handler,
    ...{ events: mine.events, poison: faultyQueue(poison, decide), clock },
    describe: (...[event, attempt, signal]: Parameters<typeof program.handler.describe>) =>
      describeImage(event, mine.blobs, settings, { attempt, signal }),
  };
  const fail = (error: unknown) => ended.reject(error);
  const worker = new QueueWorker({
    ...{ handler, clock, concurrency: 4, maxPause: 5_000, grace: 20_000, warn: fail },
    report: () => isDone().then((done) => done && ended.resolve('done'), fail),
  });
  void worker.run(stop.signal);
  void watch({
    ...{
      ...mine,
      clock,
      prefix: '',
      isPaused: false,
      since: async () => null,
      signal: stop.signal,
      warn: fail,
    },
    ...{ pause: () => 250, wake: () => worker.wake(), notice: () => {} },
  });
  return clock.runUntilSettled(ended.promise).finally(() => stop.abort());
}

test('an image that ends the process at every attempt gets its error JSON after a few, and those beside it their prompts, however often the program is started anew', async () => {
  const deadly = await photo({ width: 64, height: 64, seed: 1 });
  const names = ['a.jpg', 'b.jpg', 'deadly.jpg', 'x.jpg'];
  for (const [seed, name] of names.entries()) {
    const bytes = name === 'deadly.jpg' ? deadly : await photo({ width: 64, height: 64, seed: 2 + seed });
    await blobs.write(name, bytes, { contentType: 'image/jpeg', condition: 'any' });
  }
  const isDone = async () => {
    const answers = names.map((name) => blobs.head((name === 'deadly.jpg' ? errorName : promptName)(name)));
    return (await Promise.all(answers)).every((answer) => answer !== null);
  };
  let deaths = 0;
  while ((await live(deadly, isDone)) === 'died' && deaths < 50) {
    deaths++;
    clock.advance(RESTART_MS);
  }
  expect(deaths).toBe(MAX_TRIES);
});
