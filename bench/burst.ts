import { readFile } from 'node:fs/promises';
import { setTimeout as after } from 'node:timers/promises';
import type { Queue } from '../core/queue/queue.ts';
import { startAzurite } from '../tests/azurite.ts';
import { type Burst, dropBurst, faultsOf } from '../tests/crash/burst.ts';
import { type Site, startSite } from '../tests/crash/site.ts';
import { startWorkerProcess } from '../tests/crash/worker-process.ts';
import { photo } from '../tests/fixtures/images/photo.ts';
import { random } from '../tests/fixtures/images/random.ts';
import { until } from '../tests/until.ts';

export interface BurstFigures {
  readonly burst: Burst;
  readonly milliseconds: number;
  /** Requests of storage by the workers. */
  readonly storageCalls: number;
  readonly visionCalls: number;
  /** Those that were answered. */
  readonly paid: number;
  /** Of the larger worker, in MiB, each time a tenth of the time has passed; empty where the system does not tell. */
  readonly memory: readonly number[];
  readonly faults: readonly string[];
}

const WORKERS = 2;
/** Messages at once, as both hosts have it. */
const CONCURRENCY = 4;
const THROTTLED = 0.1;
const CALLS_PER_SECOND = 100;
const SAMPLE_MS = 1_000;
const DEADLINE_MS = 45 * 60_000;

/** Azurite looks through all of its messages for each request, so that it is what a longer queue would measure. */
const MAX_BACKLOG = 300;
const COUNTED_EVERY = 25;

/**
 * Two workers in processes of their own, on so many events: some are duplicates, some of images that change or
 * go meanwhile, and the provider throttles one call in ten.
 */
export async function timeBurst(events: number): Promise<BurstFigures> {
  const azurite = await startAzurite();
  const next = random(1);
  const site = await startSite(azurite.connectionString, {
    isThrottled: () => next() < THROTTLED,
    callsPerSecond: CALLS_PER_SECOND,
  });
  try {
    return await run(site, events);
  } finally {
    await site.close();
    await azurite.close();
  }
}

async function run(site: Site, events: number): Promise<BurstFigures> {
  const { blobs, events: queue, poison } = site.outside;
  const jpeg = await photo({ width: 64, height: 64 });
  const proxies = await Promise.all(Array.from({ length: WORKERS }, () => site.proxy()));
  const workers = proxies.map(({ connectionString }) =>
    startWorkerProcess(site.settings(connectionString), {
      concurrency: CONCURRENCY,
      deadlineMs: DEADLINE_MS,
    }),
  );
  try {
    const started = performance.now();
    const samples: number[] = [];
    // What follows the end of a JPEG makes it a content of its own, so that nothing is known of it.
    const content = (number: number) => Buffer.concat([jpeg, Buffer.from(`content ${number}`)]);
    let isOver = false;
    const watching = (async () => {
      while (!isOver) {
        samples.push(Math.max(...(await Promise.all(workers.map(({ pid }) => residentMiB(pid))))));
        await after(SAMPLE_MS);
      }
    })();
    const atMost = (length: number) =>
      until(`${length} events left`, async () => (await queue.length()) <= length, DEADLINE_MS);
    let sent = 0;
    const pause = async () => {
      if (++sent % COUNTED_EVERY === 0) await atMost(MAX_BACKLOG);
    };
    const whole = (async () => {
      const burst = await dropBurst({ blobs, queue: patient(queue), events, content, pause });
      await atMost(0);
      return burst;
    })().finally(() => {
      isOver = true;
    });
    const [burst] = await Promise.all([whole, watching]);
    return {
      burst,
      milliseconds: performance.now() - started,
      storageCalls: proxies.reduce((sum, { exchanges }) => sum + exchanges.length, 0),
      visionCalls: site.vision.calls,
      paid: site.paid,
      memory: tenths(samples.filter((mebibytes) => mebibytes > 0)),
      faults: await faultsOf(burst, { blobs, poison, paid: site.paid }),
    };
  } finally {
    await Promise.all(workers.map((worker) => worker.close()));
  }
}

const SEND_TRIES = 5;

/** Whoever sends tries again, as Event Grid does: an event that arrives twice is part of the burst. */
function patient(queue: Queue): Pick<Queue, 'send'> {
  return {
    async send(text) {
      for (let tries = 1; ; tries++) {
        const failure = await queue.send(text).then(
          () => null,
          (error) => ({ error }),
        );
        if (failure === null) return;
        if (tries === SEND_TRIES) throw failure.error;
      }
    },
  };
}

/** 0 where the system does not tell. */
async function residentMiB(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(status.match(/^VmRSS:\s+(\d+) kB$/m)?.[1] ?? 0) / 1024;
}

function tenths(samples: readonly number[]): number[] {
  return Array.from({ length: 10 }, (_, tenth) => {
    const at = Math.floor(((tenth + 1) * samples.length) / 10) - 1;
    return samples[Math.max(0, at)] ?? 0;
  }).filter((sample) => sample > 0);
}
