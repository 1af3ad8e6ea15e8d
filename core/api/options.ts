import type { Batching, BatchRunner } from '../batch/batching.ts';
import type { DescribeSettings } from '../describe/describe-bytes.ts';
import type { Log } from '../log.ts';
import type { RenderQr } from '../qr/render-qr.ts';
import type { Queue } from '../queue/queue.ts';
import type { Blobs } from '../store/blobs.ts';
import type { UploadSigner } from '../store/upload-signer.ts';
import type { AuthPolicy } from './auth.ts';
import type { Connection } from './guards/client.ts';
import type { RateLimit } from './guards/windows.ts';

export interface ApiOptions {
  readonly blobs: Blobs;
  /** The program's own state. */
  readonly state: Blobs;
  /** Where an image goes that could not be described at once. */
  readonly events: Queue;
  /** What batches are made with, and what the host starts them by. */
  readonly batches: { readonly batching: Batching; readonly runner: BatchRunner };
  readonly uploads: UploadSigner;
  readonly renderQr: RenderQr;
  readonly settings: DescribeSettings;
  /** Only names that begin with this are images. */
  readonly prefix: string;
  readonly auth: AuthPolicy;
  /** See BodyPolicy: true on the Functions host. */
  readonly drainBodies: boolean;
  /** `fetchImage` with all its rules; `ownHost` is the name that the program was called by. */
  readonly fetchImage: (
    url: string,
    asked: { readonly ownHost: string; readonly signal: AbortSignal },
  ) => Promise<Uint8Array>;
  /** See BodyPolicy. */
  readonly bodyDeadlineMs?: number | undefined;
  /** Proxies in front of the host that write X-Forwarded-For; 0 where clients connect to it. */
  readonly trustedProxies: number;
  /** Origins of web pages that may call the API; none where it is empty. */
  readonly corsOrigins: readonly string[];
  /** Null for none. */
  readonly rateLimit: RateLimit | null;
  /** Whether each request has a span of its own: not where the host tells of them. */
  readonly requestSpans?: boolean | undefined;
  readonly log: Log;
}

export interface ApiEnv {
  /** What a host hands over with a request; nothing where the app is called as a function. */
  Bindings: Connection;
  Variables: {
    readonly requestId: string;
    /** SHA-256, in hex, of the caller's key; null for a caller without a known one. */
    readonly keyHash: string | null;
    /** Whether others wait for the place of this request. */
    readonly isAwaited?: () => boolean;
  };
}
