import { app, type StorageQueueHandler } from '@azure/functions';
import { handleMessage } from '../core/queue/handle-message.ts';
import { invokedForImage } from './invocation.ts';
import type { FunctionsProgram } from './program.ts';

/** An image was queued: by the sweep, by a deferral, or since its first attempt failed; or a container's batch goes on. */
export function registerDescribeQueued(program: FunctionsProgram): void {
  app.storageQueue('describe-queued', {
    queueName: program.config.IMAGE_EVENTS_QUEUE,
    connection: 'STORAGE',
    handler: handleQueued(program),
  });
}

/** Whoever throws has the message back after host.json's `visibilityTimeout`; all others are removed. */
export function handleQueued({ program }: FunctionsProgram): StorageQueueHandler {
  return (body, context) =>
    invokedForImage(context, async () => {
      const { handler, log, news } = await program();
      const dequeueCount = toCount(context.triggerMetadata?.dequeueCount);
      // The host tells nobody that it stops: what it ends with it comes back by itself.
      const { signal } = new AbortController();
      // An instance may go away as soon as nothing runs on it.
      const handled = await news.during(() => handleMessage({ body, dequeueCount }, handler, signal));
      if (handled.status === 'step') {
        log.info({ batch: handled.batch }, 'step');
        if (handled.error && handled.comesBack) throw handled.error;
        return;
      }
      if (handled.status !== 'handled') {
        log.info({}, handled.status);
        return;
      }
      const { event, outcome, comesBack } = handled;
      log.info({ name: event.name, outcome: outcome.status }, outcome.status);
      if (outcome.status === 'failed' && comesBack) throw outcome.error;
    });
}

function toCount(value: unknown): number {
  const count = Number(value);
  return Number.isSafeInteger(count) && count > 0 ? count : 1;
}
