import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { watch } from '../../containerapp/watch.ts';
import { parseConfig } from '../../core/config.ts';
import { createLog } from '../../core/log.ts';
import { createProgram, type Program } from '../../core/program.ts';
import { QueueWorker, type WorkReport } from '../../core/queue/worker.ts';
import { connectStorage } from '../../core/store/azure-blobs.ts';
import { errorName, promptName } from '../../core/store/names.ts';
import { startAzurite } from '../azurite.ts';
import { startVisionServer, type VisionServer } from '../faults/vision-server.ts';
import { photo } from '../fixtures/images/photo.ts';
import { AMPLE_MS } from '../until.ts';

/** The watcher and the worker together, over real queues and containers. */

let azurite: Awaited<ReturnType<typeof startAzurite>>;
let vision: VisionServer;

beforeAll(async () => {
  azurite = await startAzurite();
  vision = await startVisionServer();
});
afterAll(async () => {
  await vision.close();
  await azurite.close();
});

let programs = 0;

/** A program with containers and queues of its own. */
async function program(settings: Readonly<Record<string, string>> = {}): Promise<Program> {
  programs++;
  const config = parseConfig({
    STORAGE: azurite.connectionString,
    IMAGES_CONTAINER: `images-${programs}`,
    STATE_CONTAINER: `state-${programs}`,
    IMAGE_EVENTS_QUEUE: `events-${programs}`,
    IMAGES_PREFIX: 'in/',
    ...settings,
  });
  const made = await createProgram(
    config,
    { connectionString: azurite.connectionString },
    createLog('silent'),
  );
  await Promise.all([made.blobs, made.state, made.events, made.poison].map((place) => place.create()));
  return made;
}

const drop = (to: Program, name: string, bytes: Uint8Array, contentType = 'image/jpeg') =>
  to.blobs.write(name, bytes, { contentType, condition: 'any' });

type Done = [name: string, status: string][];

/** Watches and works, so many times at once, until `done` says so; what became of the images. */
async function runUntil(on: Program, done: (outcomes: Done) => boolean, times = 1): Promise<Done> {
  const stop = new AbortController();
  const outcomes: Done = [];
  const fail = (error: unknown) => {
    throw error;
  };
  const report = ({ handled }: WorkReport) => {
    if (handled.status === 'handled') outcomes.push([handled.event.name, handled.outcome.status]);
    if (done(outcomes)) stop.abort();
  };
  const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(AMPLE_MS)]);
  const { handler, settings } = on;
  const run = () => {
    const limits = { concurrency: 4, maxPause: 1_000, grace: 10_000 };
    const worker = new QueueWorker({ ...limits, handler, clock: settings.clock, report, warn: fail });
    const watching = watch({
      ...{ blobs: on.blobs, events: on.events, prefix: 'in/', clock: settings.clock, signal },
      since: async () => null,
      isPaused: false,
      pause: (listed) => 5 * listed,
      wake: () => worker.wake(),
      notice: () => {},
      warn: fail,
    });
    return Promise.all([watching, worker.run(signal)]);
  };
  await Promise.all(Array.from({ length: times }, run));
  expect(stop.signal.aborted).toBe(true);
  return outcomes;
}

test('B15: 200 images dropped at once get 200 prompts, and nothing beside them causes any work', async () => {
  const on = await program();
  const odd = [
    ...['ü b.jpg', '100%.jpg', 'q?x=1.jpg', 'h#ash.jpg', "quo'te.jpg"],
    ...['😀.jpg', 'e\u0301.jpg', '\u00e9.jpg', 'a.JPG', 'no extension'],
  ];
  const names = Array.from({ length: 200 }, (_, i) => `in/folder ${i % 7}/${i}-${odd[i % odd.length]}`);
  const jpegs = await Promise.all([1, 2, 3, 4].map((seed) => photo({ width: 160, height: 120, seed })));
  const others = ['in/readme.txt', 'in/paper.pdf', 'in/0.xmp', 'in/x.prompt.json', 'outside.jpg'];
  await Promise.all([
    ...names.map((name, i) => drop(on, name, jpegs[i % jpegs.length] ?? new Uint8Array())),
    ...others.map((name) => drop(on, name, Buffer.from('words'))),
  ]);
  const outcomes = await runUntil(on, (all) => all.length === 200);
  expect(outcomes.filter(([, status]) => status !== 'done')).toEqual([]);
  expect(new Set(outcomes.map(([name]) => name))).toEqual(new Set(names));
  for (const name of names) expect(await on.blobs.head(promptName(name))).not.toBeNull();

  // Our own prompts are in the container by now: another image is all that is left to do.
  await drop(on, 'in/zz-last.jpg', jpegs[0] ?? new Uint8Array());
  expect(await runUntil(on, () => true)).toEqual([['in/zz-last.jpg', 'done']]);
  expect((await on.blobs.page({ size: 1000 })).blobs).toHaveLength(200 * 2 + 2 + others.length);
  expect([await on.events.length(), await on.poison.length()]).toEqual([0, 0]);
});

test('an image that is refused gets its error once and stops no other', async () => {
  const on = await program();
  await drop(on, 'in/bad.jpg', Buffer.from('no image'));
  await drop(on, 'in/good.jpg', await photo({ width: 160, height: 120 }));
  expect((await runUntil(on, (all) => all.length === 2)).sort()).toEqual([
    ['in/bad.jpg', 'refused'],
    ['in/good.jpg', 'done'],
  ]);
  await drop(on, 'in/last.jpg', await photo({ width: 160, height: 120 }));
  expect(await runUntil(on, () => true)).toEqual([['in/last.jpg', 'done']]);
  expect(await on.blobs.head(errorName('in/bad.jpg'))).not.toBeNull();
});

test('an image that is overwritten is described again', async () => {
  const on = await program();
  await drop(on, 'in/again.jpg', await photo({ width: 160, height: 120 }));
  await runUntil(on, () => true);
  await drop(on, 'in/again.jpg', await photo({ width: 120, height: 160 }));
  expect(await runUntil(on, () => true)).toEqual([['in/again.jpg', 'done']]);
});

test('B1: two watchers and two workers at once pay for each content once', async () => {
  const on = await program({
    VISION_PROVIDER: 'azure-vision',
    VISION_ENDPOINT: vision.endpoint,
    VISION_KEY: vision.key,
    VISION_TPS: '1000',
  });
  const names = Array.from({ length: 20 }, (_, i) => `in/${i}.jpg`);
  await Promise.all(
    names.map(async (name, seed) => drop(on, name, await photo({ width: 160, height: 120, seed }))),
  );
  const before = vision.calls;
  const isDone = (all: Done) =>
    new Set(all.flatMap(([name, status]) => (status === 'done' ? [name] : []))).size;
  await runUntil(on, (all) => isDone(all) === names.length, 2);
  for (const name of names) expect(await on.blobs.head(promptName(name))).not.toBeNull();
  expect(vision.calls - before).toBe(names.length);
});

test('B13: a name that storage cannot list hides no other image', async () => {
  const on = await program();
  await drop(on, 'in/a.jpg', await photo({ width: 160, height: 120 }));
  const service = await connectStorage({ connectionString: azurite.connectionString });
  const container = service.getContainerClient(on.blobs.container);
  await container.getBlockBlobClient('in/b\u0001.jpg').upload('x', 1);
  await drop(on, 'in/c.jpg', await photo({ width: 160, height: 120 }));
  expect((await runUntil(on, (all) => all.length >= 2)).map(([name]) => name).sort()).toEqual([
    'in/a.jpg',
    'in/c.jpg',
  ]);
});
