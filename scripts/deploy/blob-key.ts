import type { Clock } from '../../core/clock.ts';
import type { Az } from './az.ts';

export interface BlobKey {
  /** Resource id of the function app. */
  readonly app: string;
  readonly az: Az;
  readonly clock: Clock;
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
}

const POLL_MS = 10_000;

/**
 * Waits until the host has made the key `blobs_extension`, which Event Grid needs to reach the blob trigger. The host makes it
 * when it first finds such a trigger in the code, so never before the code is there. Asking also wakes the app up: on a cold
 * one the subscription's handshake would come too early.
 * @returns whether it is there before the deadline
 * @throws Error when the CLI fails and goes on failing until the deadline
 */
export async function waitForBlobKey({ app, az, clock, deadlineMs, signal }: BlobKey): Promise<boolean> {
  const keys = ['rest', '--method', 'post', '--url', `${app}/host/default/listKeys?api-version=2023-12-01`];
  const query = ['--query', "contains(keys(systemKeys || `{}`), 'blobs_extension')", '--output', 'tsv'];
  const began = clock.elapsed();
  for (;;) {
    const isLate = clock.elapsed() - began >= deadlineMs;
    // The host answers 503 while it starts.
    const found = await az([...keys, ...query]).catch((error: unknown) => {
      if (isLate) throw error;
      return 'false';
    });
    if (found === 'true') return true;
    if (isLate) return false;
    await clock.sleep(POLL_MS, signal);
  }
}
