import { Hono } from 'hono';
import { createBatch, readBatch } from '../../batch/batches.ts';
import type { Batching, BatchRunner } from '../../batch/batching.ts';
import { beginDryRun } from '../../batch/dry-run.ts';
import { type BatchRecord, batch, isFinished } from '../../batch/record.ts';
import { cancelBatch, failBatch, tellEnd } from '../../batch/turns.ts';
import { RefusedError } from '../../errors.ts';
import { bodyPolicy, readJson } from '../bodies/json-body.ts';
import type { ApiEnv, ApiOptions } from '../options.ts';
import { parseQuery } from '../request.ts';
import { batchBody } from './batch-operations.ts';

const MAX_BYTES = 64 * 1024;

/** It is another one at the next look. */
const NO_STORE = { 'cache-control': 'no-store' } as const;

/** `POST /api/batches`, and `GET` and `DELETE` of one. */
export function batchRoutes(options: ApiOptions): Hono<ApiEnv> {
  const { batching, runner } = options.batches;
  return new Hono<ApiEnv>()
    .post('/', async (c) => {
      parseQuery(c, {});
      const asked = await readJson(c.req.raw, batchBody, bodyPolicy(options, MAX_BYTES));
      const targets = asked.targets && [...new Set(asked.targets)];
      const record = await start({ ...asked, targets }, batching, runner);
      const location = `/api/batches/${record.id}`;
      return c.json(batch.parse(record), isFinished(record) ? 200 : 202, { location });
    })
    .get('/:id', async (c) => {
      parseQuery(c, {});
      const stored = await readBatch(batching, c.req.param('id'), c.req.raw.signal);
      if (stored === null) throw new RefusedError('not-found');
      return c.json(batch.parse(stored.record), 200, NO_STORE);
    })
    .delete('/:id', async (c) => {
      parseQuery(c, {});
      const record = await cancelBatch(c.req.param('id'), batching);
      if (record === null) throw new RefusedError('not-found');
      // Whoever asked waits for no receiver. What this does not tell, the batch's next step does.
      tellEnd(record, batching).catch(() => {});
      return c.json(batch.parse(record), isFinished(record) ? 200 : 202, NO_STORE);
    });
}

/** @throws FailedError where it cannot be started; then its record says so */
async function start(
  asked: BatchRecord['options'],
  batching: Batching,
  runner: BatchRunner,
): Promise<BatchRecord> {
  const created = await createBatch(batching, asked);
  try {
    const record = asked.dryRun ? await beginDryRun(created, batching) : created;
    if (!isFinished(record)) await runner.start(record.id);
    return record;
  } catch (error) {
    await failBatch(created.id, error, batching).catch(() => {});
    throw error;
  }
}
