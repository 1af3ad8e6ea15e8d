import { asAsked } from '../../../core/batch/as-asked.ts';
import { createBatch, readBatch } from '../../../core/batch/batches.ts';
import type { Batching } from '../../../core/batch/batching.ts';
import { batchSteps, queueRunner } from '../../../core/batch/queue-runner.ts';
import type { BatchOptions, BatchRecord } from '../../../core/batch/record.ts';
import type { DescribeSettings } from '../../../core/describe/describe-bytes.ts';
import { describeImage } from '../../../core/describe/describe-image.ts';
import type { Look } from '../../../core/describe/look.ts';
import { DeferredError } from '../../../core/errors.ts';
import type { MessageHandler } from '../../../core/queue/handle-message.ts';
import type { Queue } from '../../../core/queue/queue.ts';
import { QueueWorker, type WorkReport } from '../../../core/queue/worker.ts';
import { Analyses } from '../../../core/store/analyses.ts';
import type { Blobs } from '../../../core/store/blobs.ts';
import { EventTelemetry } from '../../../core/telemetry/events.ts';
import { ImageTelemetry } from '../../../core/telemetry/images.ts';
import { NOTHING_FOUND, type Vision } from '../../../core/vision/vision.ts';
import { type Decide, faultyBlobs, faultyQueue } from '../../memory/faults.ts';
import { MemoryBlobs } from '../../memory/memory-blobs.ts';
import { MemoryQueue } from '../../memory/memory-queue.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { image, measurements } from '../prompt/samples.ts';

const look: Look = async (bytes) => ({
  image: { ...image(), bytes: bytes.byteLength },
  measurements: measurements(),
  picture: { width: 64, height: 64, jpeg: async () => bytes },
});

export const ASKED: BatchOptions = {
  ...{ prefix: '', targets: null, force: false, stale: false, maxParallel: 4, dryRun: false },
};

/** What the provider does with one image; it may throw. */
export type Answer = (content: string) => Promise<void>;

/** Batches over storage in memory, by a clock that a test moves, with the container's worker and a provider that costs. */
export class Workplace {
  readonly clock = new SimulatedClock({ chance: 0.5 });
  readonly blobs = new MemoryBlobs(this.clock);
  readonly state = new MemoryBlobs(this.clock, 'state');
  readonly events = new MemoryQueue(this.clock);
  readonly poison = new MemoryQueue(this.clock, 'poison');
  readonly reports: WorkReport[] = [];
  readonly told: BatchRecord[] = [];
  readonly lines: object[] = [];
  /** Contents that the provider was paid for. */
  readonly paid: string[] = [];
  answer: Answer = async () => {};
  latencyMs = 100;
  isPaused = false;
  model = 'model';

  /** The same, as a process sees it whose calls of storage have the fates that are decided. */
  batching(decide?: Decide): Batching {
    const { clock, blobs, state, events, told, lines } = this;
    const seen = (one: Blobs) => (decide ? faultyBlobs(one, decide) : one);
    const queue: Queue = decide ? faultyQueue(events, decide) : events;
    return {
      ...{ blobs: seen(blobs), state: seen(state), events: queue, clock, prefix: '' },
      settings: this.#settings(seen(state)),
      log: { error: (fields) => lines.push(fields) },
      async tellBatch(record) {
        told.push(record);
      },
    };
  }

  handler(decide?: Decide): MessageHandler {
    const batching = this.batching(decide);
    const { blobs, settings, events, clock } = batching;
    return {
      ...{ events, poison: this.poison, container: 'images', prefix: '', clock },
      telemetry: new EventTelemetry(),
      batches: batchSteps(batching),
      describe: (event, attempt, signal) =>
        describeImage(event, blobs, settings, { attempt, signal, ...asAsked(event, settings) }),
    };
  }

  worker(decide?: Decide): QueueWorker {
    return new QueueWorker({
      ...{ handler: this.handler(decide), clock: this.clock, concurrency: 4, maxPause: 1_000, grace: 20_000 },
      report: (report) => this.reports.push(report),
      warn: () => {},
    });
  }

  async drop(name: string, content = name): Promise<string> {
    const bytes = Buffer.from(content);
    const written = await this.blobs.write(name, bytes, { contentType: 'image/jpeg', condition: 'any' });
    if (written === 'conflict') throw new Error('a write without condition has no conflict');
    return written.etag;
  }

  async start(options: Partial<BatchOptions> = {}): Promise<string> {
    const { id } = await createBatch(this.batching(), { ...ASKED, ...options });
    await this.again(id);
    return id;
  }

  /** Another message for its next step. */
  async again(id: string): Promise<void> {
    await queueRunner(this.events).start(id);
  }

  async record(id: string): Promise<BatchRecord> {
    const stored = await readBatch({ state: this.state }, id);
    if (stored === null) throw new Error('there is no such batch');
    return stored.record;
  }

  sleep(ms: number): Promise<void> {
    return this.clock.sleep(ms, new AbortController().signal);
  }

  /** Resolves when the condition holds, looked at whenever a quarter of a second has passed. */
  async until(isDone: () => Promise<boolean>): Promise<void> {
    for (let looks = 0; !(await isDone()); looks++) {
      if (looks > 4 * 36_000) throw new Error('it did not come about within ten hours');
      await this.sleep(250);
    }
  }

  /** Lets workers run while something is done, and then end. */
  async during<T>(act: () => Promise<T>, workers: readonly QueueWorker[] = [this.worker()]): Promise<T> {
    const stop = new AbortController();
    const running = workers.map((worker) => worker.run(stop.signal));
    const whole = act().finally(() => stop.abort());
    return this.clock.runUntilSettled(Promise.all([whole, ...running]).then(([result]) => result));
  }

  #settings(state: Blobs): DescribeSettings {
    const place = this;
    const vision: Vision = {
      ...{ provider: 'azure-vision', model: this.model, needsPixels: true },
      async analyze(picture, { signal }) {
        const content = Buffer.from(await picture.jpeg()).toString();
        await place.clock.sleep(place.latencyMs, signal);
        await place.answer(content);
        place.paid.push(content);
        return { ...NOTHING_FOUND, provider: 'azure-vision', degraded: false, reason: null };
      },
    };
    return {
      ...{ clock: this.clock, look, sidecars: [], isPaused: this.isPaused, generator: 'batch', maxSide: 64 },
      telemetry: new ImageTelemetry(),
      ...{ vision, analyses: new Analyses(state, this.clock), limits: { maxBytes: 1_000, maxPixels: 1e6 } },
      ...{ features: ['caption', 'tags'], language: 'en', targets: ['plain'], defaultTarget: 'plain' },
      ...{ prefix: undefined, suffix: undefined, triggerWord: undefined, midjourneyVersion: '7' },
    };
  }
}

/** While the image is described it becomes another, for which there are no calls left for ten minutes. */
export function overwrittenAtTheLimit(place: Workplace, name = 'a.jpg'): void {
  const until = place.clock.now() + 600_000;
  place.answer = async (content) => {
    if (content === 'before') await place.drop(name, 'after');
    else if (place.clock.now() < until) throw new DeferredError('vision-limit-spent', new Date(until));
  };
}

/** What is wrong with the sums of a record. @param features of each call */
export function faultsOf(
  { counts, visionCalls, billedFeatures, todo, options }: BatchRecord,
  features = 2,
): string[] {
  const { listed, reused, ...rest } = counts;
  const sum = Object.values(rest).reduce((all, one) => all + one, 0);
  return [
    ...(listed === sum ? [] : [`${listed} were listed, but ${sum} are counted`]),
    ...(options.dryRun || todo.length === counts.remaining ? [] : [`${todo.length} remain`]),
    ...(billedFeatures === features * visionCalls
      ? []
      : [`${billedFeatures} features for ${visionCalls} calls`]),
    ...(options.dryRun || reused <= counts.described ? [] : ['more is used again than is described']),
  ];
}
