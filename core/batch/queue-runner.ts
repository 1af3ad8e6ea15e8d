import type { BatchSteps } from '../queue/handle-message.ts';
import { encodeStep } from '../queue/message.ts';
import type { Queue } from '../queue/queue.ts';
import type { Batching, BatchRunner } from './batching.ts';
import { runStep } from './step.ts';
import { failBatch, tellEnd } from './turns.ts';

/**
 * Batches on the queue of the images. There is one small message for each batch, which its step takes and puts behind all
 * others: so an idle worker is woken by it, and images that are dropped meanwhile are described in between.
 */

/** A worker has more slots than this, so that images have some of their own. */
const MAX_STEPS = 2;
const BUSY_MS = 5_000;

export function queueRunner(events: Queue): BatchRunner {
  return { start: (id) => events.send(encodeStep(id)) };
}

export function batchSteps(batching: Batching): BatchSteps {
  let running = 0;
  return {
    async run(id, signal, stopping) {
      if (running >= MAX_STEPS) return BUSY_MS;
      running++;
      try {
        return await runStep(id, batching, signal, stopping);
      } finally {
        running--;
      }
    },
    async giveUp(id, error) {
      const record = await failBatch(id, error, batching);
      const wait = record && (await tellEnd(record, batching));
      // Who is telling it may die over it: a step of its own looks after that.
      if (wait !== null) await batching.events.send(encodeStep(id), { delay: wait });
      return record?.status === 'failed';
    },
  };
}
