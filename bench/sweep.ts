import { ContainerClient } from '@azure/storage-blob';
import { SYSTEM_CLOCK } from '../core/clock.ts';
import { sweep } from '../core/housekeeping/sweep/sweep.ts';
import { AzureBlobs } from '../core/store/azure-blobs.ts';
import { MemoryBlobs } from '../tests/memory/memory-blobs.ts';
import { MemoryQueue } from '../tests/memory/memory-queue.ts';
import { startListing } from './listing.ts';

/** What a sweep over a listing of so many blobs took. */
export interface SweepCost {
  readonly images: number;
  readonly queued: number;
  /** Requests for a page of the listing. */
  readonly listings: number;
  readonly milliseconds: number;
  /** Of this process, before and at its highest, in MiB. */
  readonly memory: { readonly before: number; readonly peak: number };
}

const MIB = 1024 * 1024;

/** Sweeps a listing that is replayed. */
export async function timeSweep(connectionString: string, blobCount: number): Promise<SweepCost> {
  const listing = await startListing(connectionString, blobCount);
  const blobs = new AzureBlobs(new ContainerClient(listing.url));
  const state = new MemoryBlobs(SYSTEM_CLOCK, 'prompt-state');
  const events = new MemoryQueue(SYSTEM_CLOCK);
  globalThis.gc?.();
  const memory = { before: process.memoryUsage.rss() / MIB, peak: 0 };
  const watching = setInterval(() => {
    memory.peak = Math.max(memory.peak, process.memoryUsage.rss() / MIB);
  }, 20);
  try {
    const started = performance.now();
    const report = await sweep({
      blobs,
      state,
      events,
      prefix: '',
      backfill: true,
      isPaused: false,
      retentionDays: 30,
      clock: SYSTEM_CLOCK,
      signal: AbortSignal.timeout(10 * 60_000),
    });
    const milliseconds = performance.now() - started;
    if (report.status !== 'done') throw new Error(`the sweep ended as ${report.status}`);
    const { images, queued } = report;
    return { images, queued, listings: listing.listings, milliseconds, memory };
  } finally {
    clearInterval(watching);
    listing.close();
  }
}
