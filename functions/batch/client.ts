import { AsyncLocalStorage } from 'node:async_hooks';
import { type InvocationContext, input } from '@azure/functions';
import type { BatchRunner } from '../../core/batch/batching.ts';
import { FailedError } from '../../core/errors.ts';
import { ORCHESTRATOR, type OrchestratorInput } from './names.ts';

/** What a function has to ask the host for, to be able to start orchestrators. */
export const durableClient = input.generic({ type: 'durableClient' });

/** The host hands the address of its Durable extension to each call anew. */
const calls = new AsyncLocalStorage<InvocationContext>();

/** @param handle in which the runner below can start batches */
export function withDurableClient<T>(context: InvocationContext, handle: () => Promise<T>): Promise<T> {
  return calls.run(context, handle);
}

export const durableRunner: BatchRunner = {
  async start(id) {
    const context = calls.getStore();
    if (context === undefined)
      throw new Error('a batch is started by a function that has the durable client');
    // Loaded when it is needed: it would double the time that a first request waits.
    const { getClient } = await import('durable-functions');
    const options: OrchestratorInput = { id };
    const client = getClient(context);
    try {
      await client.startNew(ORCHESTRATOR, { instanceId: id, input: options });
    } catch (cause) {
      const known = await client.getStatus(id).catch(() => undefined);
      // Asked twice, it runs once.
      if (known?.instanceId === id) return;
      throw new FailedError('storage-unavailable', { detail: 'The batch could not be started.', cause });
    }
  },
};

/**
 * Removes the histories of the batches that ended before a time: they have the names of images in them.
 * @param context of a function that has the durable client
 */
export async function purgeHistories(context: InvocationContext, before: Date): Promise<void> {
  const { getClient, OrchestrationRuntimeStatus } = await import('durable-functions');
  const { Completed, Failed, Terminated } = OrchestrationRuntimeStatus;
  const runtimeStatus = [Completed, Failed, Terminated];
  // None is older than the epoch, but the host wants to be told.
  const filter = { createdTimeFrom: new Date(0), createdTimeTo: before, runtimeStatus };
  await getClient(context).purgeInstanceHistoryBy(filter);
}
