import { ContainerClient } from '@azure/storage-blob';
import { SYSTEM_CLOCK } from '../core/clock.ts';
import { parseConfig } from '../core/config.ts';
import { type Household, housekeep } from '../core/housekeeping/housekeep.ts';
import { createLog } from '../core/log.ts';
import { AzureBlobs } from '../core/store/azure-blobs.ts';
import { HousekeepingTelemetry } from '../core/telemetry/housekeeping.ts';
import { MemoryBlobs } from '../tests/memory/memory-blobs.ts';
import { MemoryQueue } from '../tests/memory/memory-queue.ts';

/** One run of housekeeping over the container of this address, and what it took: this process does nothing else. */

const [url = ''] = process.argv.slice(2);
const queue = () => new MemoryQueue(SYSTEM_CLOCK);
const household: Household = {
  blobs: new AzureBlobs(new ContainerClient(url)),
  state: new MemoryBlobs(SYSTEM_CLOCK, 'prompt-state'),
  events: queue(),
  poison: queue(),
  housekeeping: new HousekeepingTelemetry(),
  settings: {
    isPaused: false,
    clock: SYSTEM_CLOCK,
    generator: 'bench',
    vision: { provider: 'azure-vision', model: null },
    features: ['caption'],
    language: 'en',
    targets: ['plain'],
    defaultTarget: 'plain',
    prefix: undefined,
    suffix: undefined,
    triggerWord: undefined,
    midjourneyVersion: '7',
  },
};
const config = parseConfig({ STORAGE: 'UseDevelopmentStorage=true', BACKFILL: 'on' });

const before = process.memoryUsage.rss();
const started = performance.now();
const { status, images, audit } = await housekeep(household, config, {
  log: createLog('silent'),
  signal: AbortSignal.timeout(10 * 60_000),
});
const milliseconds = performance.now() - started;
if (status !== 'done' || !audit?.isWritten) throw new Error(`the run ended as ${status}`);
process.send?.({ images, milliseconds, before, peak: process.resourceUsage().maxRSS * 1024 });
