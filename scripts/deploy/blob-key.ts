import * as z from 'zod';
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

const KEYS = z.object({ systemKeys: z.record(z.string(), z.unknown()).nullish() });

/**
 * Waits until the host has made the key `blobs_extension`, which Event Grid needs to reach the blob trigger. The host makes it
 * when it first finds such a trigger in the code, so never before the code is there. Asking also wakes the app up: on a cold
 * one the subscription's handshake would come too early.
 * @returns whether it is there before the deadline
 * @throws Error when the CLI fails and goes on failing until the deadline
 */
export async function waitForBlobKey({ app, az, clock, deadlineMs, signal }: BlobKey): Promise<boolean> {
  // No --query: on Windows a shell reads these words, and would take what a query is made of for its own.
  const url = `${app}/host/default/listKeys?api-version=2023-12-01`;
  const listKeys = ['rest', '--method', 'post', '--url', url, '--output', 'json'];
  const began = clock.elapsed();
  for (;;) {
    const isLate = clock.elapsed() - began >= deadlineMs;
    // The host answers 503 while it starts.
    const said = await az(listKeys).catch((error: unknown) => {
      if (isLate) throw error;
      return '';
    });
    const { systemKeys } = KEYS.parse(JSON.parse(said || '{}'));
    if (systemKeys && 'blobs_extension' in systemKeys) return true;
    if (isLate) return false;
    await clock.sleep(POLL_MS, signal);
  }
}
