import { expect, test } from '@jest/globals';
import type { DescribeSettings } from '../../../core/describe/describe-bytes.ts';
import { describeImage } from '../../../core/describe/describe-image.ts';
import type { Look } from '../../../core/describe/look.ts';
import { FailedError } from '../../../core/errors.ts';
import { QueueWorker } from '../../../core/queue/worker.ts';
import { Analyses } from '../../../core/store/analyses.ts';
import { EventTelemetry } from '../../../core/telemetry/events.ts';
import { ImageTelemetry } from '../../../core/telemetry/images.ts';
import { guardVision } from '../../../core/vision/guard/guard.ts';
import { NOTHING_FOUND, type Vision } from '../../../core/vision/vision.ts';
import { dropBurst, faultsOf } from '../../crash/burst.ts';
import { random } from '../../fixtures/images/random.ts';
import { MemoryBlobs } from '../../memory/memory-blobs.ts';
import { MemoryQueue } from '../../memory/memory-queue.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { image, measurements } from '../prompt/samples.ts';
import { NO_BATCHES } from './no-batches.ts';

const EVENTS = process.env.LONG ? 10_000 : 300;
const THROTTLED = 0.1;
const LATENCY_MS = 800;
const CALLS_PER_SECOND = 10;
const DROPPED_EVERY_MS = 50;

const look: Look = async (bytes) => ({
  image: { ...image(), bytes: bytes.byteLength },
  measurements: measurements(),
  picture: { width: 64, height: 64, jpeg: async () => bytes },
});

/** A provider that throttles one call in ten, whenever it began. */
function service(clock: SimulatedClock) {
  const chance = random(1);
  const counts = { paid: 0, throttled: 0 };
  const begun: number[] = [];
  const vision: Vision = {
    ...{ provider: 'azure-vision', model: 'model', needsPixels: true },
    async analyze(_image, { signal }) {
      begun.push(clock.elapsed());
      await clock.sleep(LATENCY_MS, signal);
      if (chance() < THROTTLED) {
        counts.throttled++;
        throw new FailedError('vision-throttled');
      }
      counts.paid++;
      return { ...NOTHING_FOUND, provider: 'azure-vision', degraded: false, reason: null };
    },
  };
  return { vision, counts, begun };
}

test(`B23: ${EVENTS} events, many of them duplicates or of images that change or go, end by themselves, within the calls per second`, async () => {
  const clock = new SimulatedClock();
  const [blobs, state] = [new MemoryBlobs(clock), new MemoryBlobs(clock, 'state')];
  const [queue, poison] = [new MemoryQueue(clock), new MemoryQueue(clock, 'poison')];
  const { vision, counts, begun } = service(clock);
  const stop = new AbortController();
  const { signal: never } = new AbortController();
  const warnings: unknown[] = [];

  const work = () => {
    const settings: DescribeSettings = {
      ...{ clock, look, sidecars: [], isPaused: false, generator: 'burst', maxSide: 64, language: 'en' },
      telemetry: new ImageTelemetry(),
      vision: guardVision(vision, { callsPerSecond: CALLS_PER_SECOND, attemptMs: 30_000, clock }),
      analyses: new Analyses(state, clock),
      limits: { maxBytes: 1_000, maxPixels: 1e6 },
      ...{ features: ['caption'], targets: ['plain'], defaultTarget: 'plain' },
      ...{ prefix: undefined, suffix: undefined, triggerWord: undefined, midjourneyVersion: '7' },
    };
    const handler = {
      ...{ events: queue, poison, container: blobs.container, prefix: '', clock },
      telemetry: new EventTelemetry(),
      batches: NO_BATCHES,
      describe: (event: Parameters<typeof describeImage>[0], attempt: number, signal: AbortSignal) =>
        describeImage(event, blobs, settings, { attempt, signal }),
    };
    const worker = new QueueWorker({
      ...{ handler, clock, concurrency: 4, maxPause: 5_000, grace: 20_000 },
      report: () => {},
      warn: (error) => warnings.push(error),
    });
    return worker.run(stop.signal);
  };

  const whole = (async () => {
    const workers = [work(), work()];
    const burst = await dropBurst({
      ...{ blobs, queue, events: EVENTS },
      content: (number) => Buffer.from(`content ${number}`),
      // So that some images change and go while they are described.
      pause: () => clock.sleep(DROPPED_EVERY_MS, never),
    });
    while ((await queue.length()) > 0) await clock.sleep(1_000, never);
    stop.abort();
    await Promise.all(workers);
    return burst;
  })();
  const burst = await clock.runUntilSettled(whole);

  expect(await faultsOf(burst, { blobs, poison, paid: counts.paid })).toEqual([]);
  expect(warnings).toEqual([]);
  expect(burst.duplicates).toBeGreaterThan(EVENTS * 0.2);
  expect(Math.min(burst.overwrites, burst.deletes, counts.throttled)).toBeGreaterThan(5);
  // Both together, in any second.
  // They began in the order they are in.
  const busiest = begun.map((from, first) => begun.findIndex((at) => at >= from + 1_000) - first);
  expect(Math.max(...busiest)).toBeLessThanOrEqual(2 * CALLS_PER_SECOND);
}, 600_000);
