import type { DescribeSettings } from '../describe/describe-bytes.ts';
import type { Log } from '../log.ts';
import type { Queue } from '../queue/queue.ts';
import type { Blobs } from '../store/blobs.ts';
import type { Batches } from './batches.ts';
import type { BatchRecord } from './record.ts';

/** What batches are run with, on either host. */
export interface Batching extends Batches {
  readonly blobs: Blobs;
  readonly settings: DescribeSettings;
  /** Where an image goes that cannot be described yet. */
  readonly events: Queue;
  /** Only names that begin with this are images. */
  readonly prefix: string;
  /** Told of images that failed and have no error JSON that says so. */
  readonly log?: Pick<Log, 'error'> | undefined;
  /** Tells of a batch that has ended. It may be told twice, where a process dies, never less than once. */
  readonly tellBatch?: ((record: BatchRecord) => Promise<void>) | undefined;
}

/** What starts a batch whose record is there: the queue in the container, an orchestrator on Functions. */
export interface BatchRunner {
  /** @param id of a batch that may be running already; then nothing changes. @throws FailedError where it cannot be started */
  start(id: string): Promise<void>;
}
