import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CONCURRENCY, GRACE_MS } from '../../containerapp/work.ts';
import { parseConfig } from '../../core/config.ts';
import { createLog } from '../../core/log.ts';
import { createProgram, type Program } from '../../core/program.ts';
import { handleMessage } from '../../core/queue/handle-message.ts';
import { encodeEvent, readMessage } from '../../core/queue/message.ts';
import { QueueWorker } from '../../core/queue/worker.ts';
import { promptName } from '../../core/store/names.ts';
import { startAzurite } from '../azurite.ts';
import { answer, type Behaviour, hang } from '../faults/vision-behaviour.ts';
import { startVisionServer, type VisionServer } from '../faults/vision-server.ts';
import { photo } from '../fixtures/images/photo.ts';
import { SimulatedClock } from '../simulated-clock.ts';
import { AMPLE_MS } from '../until.ts';
import { startCommand } from './command.ts';

/** The command `work` in a process of its own, over Azurite and a service that takes its time. */

let azurite: Awaited<ReturnType<typeof startAzurite>>;
let vision: VisionServer;
let queues = 0;

beforeAll(async () => {
  azurite = await startAzurite();
  vision = await startVisionServer();
});
afterAll(async () => {
  await vision.close();
  await azurite.close();
});

interface Place extends Program {
  readonly environment: Readonly<Record<string, string>>;
  /** Drops an image and queues its event. */
  drop(name: string): Promise<void>;
  claims(): Promise<number>;
}

/** Containers and a queue of one's own. */
async function place(settings: Readonly<Record<string, string>> = {}): Promise<Place> {
  const number = ++queues;
  const environment = {
    STORAGE: azurite.connectionString,
    IMAGES_CONTAINER: `images-${number}`,
    STATE_CONTAINER: `state-${number}`,
    IMAGE_EVENTS_QUEUE: `events-${number}`,
    VISION_PROVIDER: 'azure-vision',
    VISION_ENDPOINT: vision.endpoint,
    VISION_KEY: vision.key,
    ...settings,
  };
  const storage = { connectionString: azurite.connectionString };
  const program = await createProgram(parseConfig(environment), storage, createLog('silent'));
  await Promise.all([program.blobs, program.state, program.events].map((made) => made.create()));
  return {
    ...program,
    environment,
    async drop(name) {
      const bytes = await photo({ width: 300, height: 200, seed: number });
      const { blobs, events } = program;
      await blobs.write(name, bytes, { contentType: 'image/jpeg', condition: 'new' });
      await events.send(encodeEvent({ container: blobs.container, name }));
    },
    async claims() {
      const { blobs } = await program.state.page({ size: 10, prefix: 'analysis/' });
      return blobs.filter(({ metadata }) => metadata.state === 'claim').length;
    },
  };
}

const eventsIn = async ({ events, blobs }: Place) =>
  (await events.peek(32)).map(({ text }) => readMessage(text, blobs.container));

/** Answers when it is told to. */
function held() {
  const { promise, resolve: release } = Promise.withResolvers<void>();
  const behaviour: Behaviour = (request, response) => {
    void promise.then(() => answer()(request, response));
  };
  return { behaviour, release };
}

describe('on SIGTERM', () => {
  test('P2: what was begun is finished, nothing is lost, and a second SIGTERM changes nothing', async () => {
    const here = await place();
    const slow = held();
    vision.script(slow.behaviour);
    const arrival = vision.arrival(AbortSignal.timeout(AMPLE_MS));
    const worker = startCommand(['work'], { settings: here.environment });
    await here.drop('a.jpg');
    await arrival;
    worker.kill('SIGTERM');
    await worker.says(/"stopping"/);
    worker.kill('SIGTERM');
    await here.drop('b.png');
    slow.release();
    expect(await worker.ended).toBe(0);
    expect(await here.blobs.head(promptName('a.jpg'))).not.toBeNull();
    expect(await here.claims()).toBe(0);
    // What came later waits for the next one.
    expect(await eventsIn(here)).toMatchObject([{ event: { name: 'b.png' } }]);
    expect(worker.output()).toContain('"outcome":"done"');
    expect(worker.output()).not.toContain(vision.key);
  });

  test('P2: what does not end within the grace is given back: its claim, its event, and its try', async () => {
    const here = await place();
    vision.script(hang());
    const arrival = vision.arrival(AbortSignal.timeout(AMPLE_MS));
    await here.drop('a.jpg');
    const clock = new SimulatedClock();
    const stop = new AbortController();
    const worker = new QueueWorker({
      ...{ handler: here.handler, clock, concurrency: CONCURRENCY, maxPause: 100, grace: GRACE_MS },
      report: () => {},
      warn: (error) => {
        throw error;
      },
    });
    const running = worker.run(stop.signal);
    await arrival;
    expect(await here.claims()).toBe(1);
    stop.abort(new Error('SIGTERM'));
    clock.advance(GRACE_MS - 1);
    expect(await here.claims()).toBe(1);
    clock.advance(1);
    await running;
    expect(await here.claims()).toBe(0);
    expect(await eventsIn(here)).toEqual([
      { event: { container: here.blobs.container, name: 'a.jpg', tries: 0 }, contentType: 'image/*' },
    ]);
    expect(await here.events.length()).toBe(1);
  });
});

test('P3: a worker that dies of a fault ends with a code, and leaves no claim that stays', async () => {
  const here = await place();
  vision.script(hang());
  const arrival = vision.arrival(AbortSignal.timeout(AMPLE_MS));
  const worker = startCommand(['work'], {
    settings: here.environment,
    preload: `process.on('SIGUSR2', () => { Promise.reject(new Error('a fault of the program')); });`,
  });
  await here.drop('a.jpg');
  await arrival;
  worker.kill('SIGUSR2');
  expect(await worker.ended).toBe(1);
  expect(worker.output()).toContain('a fault of the program');
  // The message is hidden for a while, and the claim is there until it expires.
  expect([await here.events.length(), await here.claims()]).toEqual([1, 1]);
  const body = encodeEvent({ container: here.blobs.container, name: 'a.jpg' });
  const next = await handleMessage({ body, dequeueCount: 2 }, here.handler, new AbortController().signal);
  expect(next).toMatchObject({ outcome: { status: 'deferred', error: { code: 'image-claimed' } } });
  if (next.status !== 'handled' || next.outcome.status !== 'deferred') throw new Error('it is deferred');
  expect(next.outcome.until.getTime() - Date.now()).toBeLessThanOrEqual(30_000);
});

test('with --watch it describes what no event told of', async () => {
  const here = await place({ VISION_PROVIDER: 'local', BACKFILL: 'on' });
  await here.blobs.write('in/a.jpg', await photo({ width: 300, height: 200 }), {
    contentType: 'image/jpeg',
    condition: 'new',
  });
  const worker = startCommand(['work', '--watch'], { settings: here.environment });
  await worker.says(/"outcome":"done"/);
  worker.kill('SIGTERM');
  expect(await worker.ended).toBe(0);
  expect(await here.blobs.head(promptName('in/a.jpg'))).not.toBeNull();
});
