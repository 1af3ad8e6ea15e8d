import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { reportLine } from '../../containerapp/local/words.ts';
import { batch } from '../../core/batch/record.ts';
import { parseConfig } from '../../core/config.ts';
import { FailedError } from '../../core/errors.ts';
import { createLog } from '../../core/log.ts';
import { createProgram } from '../../core/program.ts';
import type { WorkReport } from '../../core/queue/worker.ts';
import { startAzurite } from '../azurite.ts';
import { hang } from '../faults/vision-behaviour.ts';
import { startVisionServer, type VisionServer } from '../faults/vision-server.ts';
import { photo } from '../fixtures/images/photo.ts';
import { AMPLE_MS, until } from '../until.ts';
import { startCommand } from './command.ts';

/** A batch that the API starts and the command `work` runs, in a process of its own. */

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

test('local mode says when a batch ended or a step failed, and nothing of the steps in between', () => {
  const step = { status: 'step', batch: 'b1', error: null, comesBack: false } as const;
  const error = new FailedError('storage-unavailable');
  const line = (handled: WorkReport['handled']) =>
    reportLine({ id: 'm', handled, milliseconds: 1 }, { address: 'http://127.0.0.1:8000', poison: 'p' });
  expect(line({ ...step, next: 0 })).toBeNull();
  const where = 'http://127.0.0.1:8000/api/batches/b1';
  expect(line({ ...step, next: null })).toBe(`batch b1: ended. ${where}`);
  expect(line({ ...step, next: null, error })).toBe(`batch b1: failed. ${where}`);
  expect(line({ ...step, next: null, error, comesBack: true })).toBe(
    `batch b1: a step failed and is tried again. ${where}`,
  );
});

test('it is done by a worker, and ends when it is cancelled, whatever its calls do', async () => {
  const settings = {
    STORAGE: azurite.connectionString,
    VISION_PROVIDER: 'azure-vision',
    VISION_ENDPOINT: vision.endpoint,
    VISION_KEY: vision.key,
  };
  const storage = { connectionString: azurite.connectionString };
  const program = await createProgram(parseConfig(settings), storage, createLog('silent'));
  const { blobs, state, events } = program;
  await Promise.all([blobs.create(), state.create(), events.create()]);
  for (const [seed, name] of ['a/1.jpg', 'a/2.jpg', 'b/1.jpg', 'b/2.jpg'].entries()) {
    const bytes = await photo({ width: 64, height: 64, seed });
    await blobs.write(name, bytes, { contentType: 'image/jpeg', condition: 'new' });
  }
  const api = program.api({ loopback: true, drainBodies: false });
  const start = async (prefix: string) => {
    const answer = await api.request('/api/batches', {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
      body: JSON.stringify({ prefix }),
    });
    return `/api/batches/${batch.parse(await answer.json()).id}`;
  };
  const read = async (path: string, method = 'GET') =>
    batch.parse(await (await api.request(path, { method })).json());

  const worker = startCommand(['work'], { settings });
  try {
    const first = await start('a/');
    await until('the batch is completed', async () => (await read(first)).status === 'completed');
    expect(await read(first)).toMatchObject({ visionCalls: 2, counts: { listed: 2, described: 2 } });

    vision.script(hang(), hang());
    const arrival = vision.arrival(AbortSignal.timeout(AMPLE_MS));
    const second = await start('b/');
    await arrival;
    expect((await read(second, 'DELETE')).status).toBe('cancelling');
    await until('the batch is cancelled', async () => (await read(second)).status === 'cancelled');
    expect((await read(second)).counts).toMatchObject({ listed: 2, described: 0, remaining: 2 });
    const { blobs: analyses } = await state.page({ prefix: 'analysis/', size: 10 });
    expect(analyses.map(({ metadata }) => metadata.state)).toEqual(['analysis', 'analysis']);
    worker.kill('SIGTERM');
    expect(await worker.ended).toBe(0);
    expect(worker.output()).toContain('"batch ended"');
  } finally {
    worker.kill('SIGKILL');
    await worker.ended;
  }
});
