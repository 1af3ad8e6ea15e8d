import { expect, test } from '@jest/globals';
import { Hono } from 'hono';
import { idempotency } from '../../../../core/api/guards/idempotency.ts';
import type { ApiEnv } from '../../../../core/api/options.ts';
import { ProblemError } from '../../../../core/errors.ts';
import { createLog } from '../../../../core/log.ts';
import { MemoryBlobs } from '../../../memory/memory-blobs.ts';
import { SimulatedClock } from '../../../simulated-clock.ts';

test('whoever repeats a request waits as long as it has run, and no longer than it can', async () => {
  const clock = new SimulatedClock();
  const [begun, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const app = new Hono<ApiEnv>();
  const state = new MemoryBlobs(clock);
  app.use(idempotency({ state, bodies: { maxBytes: 100, drain: false }, log: createLog('silent') }));
  let runs = 0;
  app.post('/', async (c) => {
    runs++;
    begun.resolve();
    if (runs === 1) await ended.promise;
    return c.text('done');
  });
  app.onError((error, c) => c.text('refused', 409, error instanceof ProblemError ? error.headers : {}));
  const post = () => app.request('/', { method: 'POST', body: 'x', headers: { 'idempotency-key': 'k' } });
  const first = post();
  await begun.promise;
  const waits: (string | null)[] = [];
  for (const seconds of [0, 20, 220, 59]) {
    clock.advance(seconds * 1_000);
    waits.push((await post()).headers.get('retry-after'));
  }
  expect(waits).toEqual(['2', '20', '60', '2']);
  clock.advance(5_000);
  expect([(await post()).status, runs]).toEqual([200, 2]);
  ended.resolve();
  await first;
});
