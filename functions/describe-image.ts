import { app, type StorageBlobHandler } from '@azure/functions';
import { describeImage } from '../core/describe/describe-image.ts';
import { handOver } from '../core/queue/hand-over.ts';
import { isCandidate } from '../core/store/names.ts';
import { invokedForImage } from './invocation.ts';
import type { FunctionsProgram } from './program.ts';

/** An image was dropped. */
export function registerDescribeImage(program: FunctionsProgram): void {
  app.storageBlob('describe-image', {
    path: `${program.config.IMAGES_CONTAINER}/{name}`,
    connection: 'STORAGE',
    source: program.config.BLOB_TRIGGER_SOURCE,
    handler: handleBlob(program),
  });
}

/**
 * The host hands over the blob's bytes too, but only its name is used: core reads the blob itself, with the ETag that
 * belongs to what it reads. This trigger counts no attempts, and makes them seconds apart, so that the queue has the
 * second one; only where it cannot be handed over does the host try again.
 */
export function handleBlob({ config, program }: FunctionsProgram): StorageBlobHandler {
  return async (_blob, context) => {
    const { name, properties } = context.triggerMetadata ?? {};
    if (typeof name !== 'string') throw new Error('the host named no blob');
    const { contentType, eTag } = isRecord(properties) ? properties : {};
    if (!isCandidate(name, typeof contentType === 'string' ? contentType : null, config.IMAGES_PREFIX))
      return;
    await invokedForImage(context, async () => {
      const { blobs, settings, handler, log, news } = await program();
      const etag = typeof eTag === 'string' ? eTag.replaceAll('"', '') : undefined;
      const event = { container: blobs.container, name, etag };
      const { signal } = new AbortController();
      // An instance may go away as soon as nothing runs on it.
      await news.during(async () => {
        const outcome = await describeImage(event, blobs, settings, { signal });
        await handOver(event, outcome, handler);
        handler.telemetry.handled(outcome.status);
        log.info({ name, outcome: outcome.status }, outcome.status);
      });
    });
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
