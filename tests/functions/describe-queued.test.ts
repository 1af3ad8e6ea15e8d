import { InvocationContext, type StorageQueueHandler } from '@azure/functions';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createBatch, readBatch } from '../../core/batch/batches.ts';
import { beginTurn } from '../../core/batch/turns.ts';
import { encodeEvent, encodeStep } from '../../core/queue/message.ts';
import { errorName, promptName } from '../../core/store/names.ts';
import { handleQueued } from '../../functions/describe-queued.ts';
import { startAzurite } from '../azurite.ts';
import { base64, eventGrid } from '../core/queue/storage-events.ts';
import type { Behaviour } from '../faults/vision-behaviour.ts';
import { startVisionServer } from '../faults/vision-server.ts';
import { photo } from '../fixtures/images/photo.ts';
import { startFunctions } from './program.ts';

let azurite: Awaited<ReturnType<typeof startAzurite>>;
let vision: Awaited<ReturnType<typeof startVisionServer>>;
let running: Awaited<ReturnType<typeof startFunctions>>;
let handle: StorageQueueHandler;

/** It is told when to come back, so that nobody waits here to try again. */
const unavailable =
  (status: number): Behaviour =>
  (_request, response) =>
    response.writeHead(status, { 'retry-after': '600' }).end();

const start = async () => {
  running = await startFunctions({
    STORAGE: azurite.connectionString,
    VISION_PROVIDER: 'azure-vision',
    VISION_ENDPOINT: vision.endpoint,
    VISION_KEY: vision.key,
  });
  handle = handleQueued({ ...running, program: async () => running.program });
};

beforeAll(async () => {
  azurite = await startAzurite();
  vision = await startVisionServer();
  await start();
});
afterAll(async () => {
  await vision.close();
  await azurite.close();
});

/** Calls the handler as the host does for a message. */
async function trigger(body: unknown, dequeueCount: unknown = 1): Promise<void> {
  const triggerMetadata = { dequeueCount, id: '1', insertionTime: '2026-03-01T09:30:00Z' };
  await handle(body, new InvocationContext({ triggerMetadata, logHandler: () => {} }));
}

async function drop(name: string, seed: number) {
  const bytes = await photo({ width: 300, height: 200, seed });
  await running.program.blobs.write(name, bytes, { contentType: 'image/jpeg', condition: 'any' });
  return { container: 'images', name };
}

describe('the queue trigger', () => {
  test('gives an image its prompt, whether the host parsed its message or not', async () => {
    const own = await drop('own.jpg', 1);
    const { name } = await drop('grid é.jpg', 2);
    await trigger(own);
    await trigger(JSON.stringify(eventGrid({ name })));
    await trigger(encodeEvent(await drop('text.jpg', 3)));
    for (const image of ['own.jpg', name, 'text.jpg']) {
      expect(await running.program.blobs.head(promptName(image))).not.toBeNull();
    }
  });

  test('B22: throws until the fifth attempt, which writes the error JSON and poisons the event itself', async () => {
    const { blobs, poison } = running.program;
    const event = await drop('failing.jpg', 4);
    for (const dequeueCount of [1, 2, '3', 4]) {
      vision.script(unavailable(503));
      await expect(trigger(event, dequeueCount)).rejects.toMatchObject({ code: 'vision-unavailable' });
      expect([await blobs.head(errorName('failing.jpg')), await poison.length()]).toEqual([null, 0]);
      // On another instance: one alone would soon stop to ask a service that fails.
      await start();
    }
    vision.script(unavailable(503));
    await trigger(event, 5);
    expect(await blobs.head(errorName('failing.jpg'))).not.toBeNull();
    expect(await running.program.poison.length()).toBe(1);
  });

  test('counts the attempts of the event before it was queued', async () => {
    const event = await drop('tried.jpg', 5);
    await start();
    vision.script(unavailable(503));
    await trigger({ ...event, tries: 4 }, 1);
    expect((await running.program.blobs.head(errorName('tried.jpg')))?.metadata.attempts).toBe('5');
  });

  test('queues what is deferred, with its tries, and ends well', async () => {
    const event = await drop('deferred.jpg', 6);
    await start();
    vision.script(unavailable(429));
    await trigger({ ...event, tries: 1 }, 2);
    expect(running.sent).toMatchObject([{ message: { event: { ...event, tries: 2 } } }]);
    expect(running.sent[0]?.delay).toBeGreaterThan(60_000);
  });

  test('does a step of a batch that a container began, and queues the next one where there is one', async () => {
    await start();
    const { batching } = running.program;
    await drop('batch/1.jpg', 7);
    const options = { targets: null, force: false, stale: false, maxParallel: 2, dryRun: false };
    const { id } = await createBatch(batching, { prefix: 'batch/', ...options });
    await trigger(encodeStep(id));
    expect((await readBatch(batching, id))?.record).toMatchObject({
      ...{ status: 'completed', counts: { listed: 1, described: 1 } },
    });
    await trigger(encodeStep(id), 5);
    expect(running.sent.filter(({ message }) => 'batch' in message)).toEqual([]);

    const { id: taken } = await createBatch(batching, { prefix: 'batch/', ...options });
    await beginTurn(taken, 'someone', batching);
    await trigger(encodeStep(taken));
    expect(running.sent.at(-1)).toMatchObject({ message: { batch: taken }, delay: 30_000 });

    await batching.state.write(`batches/${taken}.json`, Buffer.from('{}'), {
      ...{ contentType: 'application/json', condition: 'any' },
    });
    await expect(trigger(encodeStep(taken))).rejects.toThrow('The record of the batch is damaged.');
  });

  test('B20: sets aside what is no event, and ends well', async () => {
    const before = await running.program.poison.length();
    const buffer = Buffer.from([0xff, 0xfe]);
    for (const body of ['hello, world', 7, null, [], { hello: 'world' }, buffer, base64('hello')]) {
      await trigger(body);
    }
    expect(await running.program.poison.length()).toBe(before + 7);
  });
});
