import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { SYSTEM_CLOCK } from '../../../core/clock.ts';
import { parseConfig } from '../../../core/config.ts';
import { createLog } from '../../../core/log.ts';
import { createProgram, type Program } from '../../../core/program.ts';
import { handleMessage } from '../../../core/queue/handle-message.ts';
import { encodeEvent } from '../../../core/queue/message.ts';
import { QueueWorker, type WorkReport } from '../../../core/queue/worker.ts';
import { errorName, promptName } from '../../../core/store/names.ts';
import { startAzurite } from '../../azurite.ts';
import { startVisionServer } from '../../faults/vision-server.ts';
import { photo } from '../../fixtures/images/photo.ts';
import { AMPLE_MS } from '../../until.ts';
import { recordTelemetry } from '../recorded-telemetry.ts';
import { base64, cloudEvent, eventGrid } from './storage-events.ts';

let azurite: Awaited<ReturnType<typeof startAzurite>>;
let program: Program;
let telemetry: ReturnType<typeof recordTelemetry>;
let queues = 0;

beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.close());
beforeEach(() => {
  telemetry = recordTelemetry();
});
afterEach(() => telemetry.stop());

async function start(settings: Readonly<Record<string, string>> = {}): Promise<Program> {
  const config = parseConfig({
    STORAGE: azurite.connectionString,
    IMAGE_EVENTS_QUEUE: `events-${++queues}`,
    ...settings,
  });
  const storage = { connectionString: azurite.connectionString };
  const started = await createProgram(config, storage, createLog('silent'));
  await Promise.all([started.blobs.create(), started.state.create()]);
  return started;
}

/** Lets so many workers run until so many messages were worked on. */
async function work(count: number, { workers = 1 } = {}): Promise<readonly WorkReport[]> {
  const stop = new AbortController();
  const timeout = AbortSignal.timeout(AMPLE_MS);
  const reports: WorkReport[] = [];
  const make = () =>
    new QueueWorker({
      handler: program.handler,
      clock: SYSTEM_CLOCK,
      concurrency: 4,
      report(report) {
        if (reports.push(report) >= count) stop.abort();
      },
      warn(error) {
        throw error;
      },
      maxPause: 100,
      grace: 5_000,
    });
  const signal = AbortSignal.any([stop.signal, timeout]);
  await Promise.all(Array.from({ length: workers }, () => make().run(signal)));
  timeout.throwIfAborted();
  return reports;
}

describe('the queue in Azurite', () => {
  beforeAll(async () => {
    program = await start();
  });

  test('events of all kinds give images their prompts', async () => {
    const { blobs, events, poison } = program;
    const names = ['own.jpg', 'grid é.jpg', 'cloud/b.jpg', 'plain.jpg'];
    for (const [seed, name] of names.entries()) {
      const bytes = await photo({ width: 300, height: 200, seed });
      await blobs.write(name, bytes, { contentType: 'image/jpeg', condition: 'any' });
    }
    const [own = '', grid = '', cloud = '', plain = ''] = names;
    await events.send(encodeEvent({ container: 'images', name: own }));
    await events.send(base64(eventGrid({ name: grid })));
    await events.send(base64([cloudEvent({ name: cloud })]));
    await events.send(JSON.stringify(eventGrid({ name: plain })));
    const reports = await work(4);
    expect(reports.map(({ handled }) => handled.status)).toEqual(Array(4).fill('handled'));
    for (const name of names) expect(await blobs.head(promptName(name))).not.toBeNull();
    expect([await events.length(), await poison.length()]).toEqual([0, 0]);
  });

  test('two workers share a queue, and each message is worked on once', async () => {
    const { events } = program;
    const names = Array.from({ length: 30 }, (_, n) => `missing-${n}.jpg`);
    for (const name of names) await events.send(encodeEvent({ container: 'images', name }));
    const reports = await work(names.length, { workers: 2 });
    const seen = reports.map(({ handled }) => (handled.status === 'handled' ? handled.event.name : ''));
    expect(seen.toSorted()).toEqual(names.toSorted());
    expect(await events.length()).toBe(0);
  });

  test.each([
    ['words', 'hello, world', 'encoding'],
    ['broken JSON', '{"container":', 'encoding'],
    ['base64 of words', base64('hello, world'), 'encoding'],
    ['JSON of another shape', base64({ hello: 'world' }), 'schema'],
    ['another container', base64(eventGrid({ container: 'other' })), 'other-container'],
    ['64 KB', `{${' '.repeat(64 * 1024 - 1)}`, 'encoding'],
    ['64 KB of what XML must escape', '<&>"'.repeat((64 * 1024) / 4), 'encoding'],
    [
      'an address of another blob',
      base64(eventGrid({ data: { url: 'https://a.blob.core.windows.net/images/b.jpg' } })),
      'schema',
    ],
  ])('B20: %s ends in the poison queue at once, counted', async (_, text, reason) => {
    const { events, poison } = program;
    const before = await poison.length();
    await events.send(text);
    expect(await work(1)).toMatchObject([{ handled: { status: 'malformed', reason } }]);
    expect([await events.length(), await poison.length()]).toEqual([0, before + 1]);
  });

  test('B21: a validation handshake ends in the poison queue, and nobody answers it', async () => {
    const { events, poison } = program;
    const before = await poison.length();
    const type = 'Microsoft.EventGrid.SubscriptionValidationEvent';
    await events.send(base64([{ ...eventGrid({ type }), subject: '', data: { validationCode: '7f0c' } }]));
    expect(await work(1)).toMatchObject([{ handled: { status: 'malformed', reason: 'schema' } }]);
    expect(await poison.length()).toBe(before + 1);
  });
});

test('B20: what is set aside is counted by its reason', async () => {
  program = await start();
  await program.events.send('hello, world');
  await work(1);
  expect(telemetry.counts).toEqual([
    { name: 'events.malformed', value: 1, attributes: { 'event.reason': 'encoding' } },
  ]);
});

test('B22: the fifth attempt writes the error JSON, and only then does the event lie in the poison queue', async () => {
  const vision = await startVisionServer({
    // It is told when to come back, so that nobody waits here to try again.
    behaviour: (_request, response) => response.writeHead(503, { 'retry-after': '600' }).end(),
  });
  try {
    const { endpoint, key } = vision;
    const settings = {
      VISION_PROVIDER: 'azure-vision',
      VISION_ENDPOINT: endpoint,
      VISION_KEY: key,
      IMAGE_EVENTS_QUEUE: 'failing',
    };
    const { blobs, poison } = await start(settings);
    const bytes = await photo({ width: 300, height: 200, seed: 22 });
    await blobs.write('failing.jpg', bytes, { contentType: 'image/jpeg', condition: 'any' });
    const body = encodeEvent({ container: 'images', name: 'failing.jpg' });
    const { signal } = new AbortController();
    for (let dequeueCount = 1; dequeueCount <= 5; dequeueCount++) {
      expect([await blobs.head(errorName('failing.jpg')), await poison.length()]).toEqual([null, 0]);
      // Each attempt on another instance: one alone would soon stop to ask a service that fails.
      const { handler } = await start(settings);
      const handled = await handleMessage({ body, dequeueCount }, handler, signal);
      expect(handled).toMatchObject({ outcome: { status: 'failed' }, comesBack: dequeueCount < 5 });
    }
    expect((await blobs.head(errorName('failing.jpg')))?.metadata).toMatchObject({
      code: 'vision-unavailable',
      attempts: '5',
    });
    expect(await poison.length()).toBe(1);
  } finally {
    await vision.close();
  }
});
