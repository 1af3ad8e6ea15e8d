import type { DescribeSettings } from '../describe/describe-bytes.ts';
import type { Log } from '../log.ts';
import type { Queue } from '../queue/queue.ts';
import type { Blobs } from '../store/blobs.ts';
import type { AuthPolicy } from './auth.ts';

export interface ApiOptions {
  readonly blobs: Blobs;
  /** The program's own state. */
  readonly state: Blobs;
  /** Where an image goes that could not be described at once. */
  readonly events: Queue;
  readonly settings: DescribeSettings;
  /** Only names that begin with this are images. */
  readonly prefix: string;
  readonly auth: AuthPolicy;
  /** See BodyPolicy: true on the Functions host. */
  readonly drainBodies: boolean;
  readonly log: Log;
}

export interface ApiEnv {
  Variables: { readonly requestId: string };
}
