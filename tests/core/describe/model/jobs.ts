import type { Clock } from '../../../../core/clock.ts';
import type { DescribeSettings } from '../../../../core/describe/describe-bytes.ts';
import { describeImage } from '../../../../core/describe/describe-image.ts';
import type { ImageEvent, Outcome } from '../../../../core/describe/outcome.ts';
import { sweep } from '../../../../core/housekeeping/sweep/sweep.ts';
import { handleMessage } from '../../../../core/queue/handle-message.ts';
import type { Queue } from '../../../../core/queue/queue.ts';
import { Analyses } from '../../../../core/store/analyses.ts';
import type { Blobs } from '../../../../core/store/blobs.ts';
import { EventTelemetry } from '../../../../core/telemetry/events.ts';
import { ImageTelemetry } from '../../../../core/telemetry/images.ts';
import type { Vision } from '../../../../core/vision/vision.ts';
import { NO_BATCHES } from '../../queue/no-batches.ts';
import { lookAtContent, MAX_BYTES } from './contents.ts';
import type { SteppedProcess } from './process.ts';

/** What a process does, with the real parts of the program. */

export interface Surroundings {
  readonly images: Blobs;
  readonly state: Blobs;
  readonly events: Queue;
  readonly poison: Queue;
  readonly vision: Vision;
  readonly clock: Clock;
  readonly isPaused: boolean;
}

/** As host.json has it. */
export const HIDDEN_MS = 30_000;
/** As long as someone who asks may wait for another who is at it. */
const PATIENCE_MS = 40_000;

/** Takes one message from the queue, as both hosts do. */
export async function handleOne({ signal }: SteppedProcess, around: Surroundings): Promise<void> {
  const { images, events, poison, clock } = around;
  const settings = settingsOf(around);
  const [message] = await events.receive({ max: 1, hidden: HIDDEN_MS, signal });
  if (message === undefined) return;
  const handler = {
    ...{ events, poison, container: images.container, prefix: '', clock },
    telemetry: new EventTelemetry(),
    batches: NO_BATCHES,
    describe: (event: ImageEvent, attempt: number, stop: AbortSignal) =>
      describeImage(event, images, settings, { attempt, signal: stop }),
  };
  const received = { body: message.text, dequeueCount: message.dequeueCount };
  const handled = await handleMessage(received, handler, signal);
  if (handled.status === 'handled' && handled.comesBack) await events.hide(message, HIDDEN_MS);
  else await events.remove(message);
}

/** Describes an image that someone asks for, as the API does. */
export async function describeOne(
  { signal }: SteppedProcess,
  around: Surroundings,
  name: string,
): Promise<Outcome> {
  const { images } = around;
  const event = { container: images.container, name };
  return describeImage(event, images, settingsOf(around), { patience: PATIENCE_MS, signal });
}

export async function sweepOnce({ signal }: SteppedProcess, around: Surroundings): Promise<void> {
  const { images, state, events, clock, isPaused } = around;
  await sweep({
    ...{ blobs: images, state, events, clock, signal },
    ...{ prefix: '', backfill: true, isPaused, retentionDays: 30 },
  });
}

function settingsOf({ state, vision, clock, isPaused }: Surroundings): DescribeSettings {
  return {
    ...{ vision, clock, isPaused, look: lookAtContent, sidecars: [], analyses: new Analyses(state, clock) },
    telemetry: new ImageTelemetry(),
    limits: { maxBytes: MAX_BYTES, maxPixels: 1e6 },
    ...{ features: ['caption'], language: 'en', maxSide: 64 },
    ...{ targets: ['plain'], defaultTarget: 'plain', generator: 'model' },
    ...{ prefix: undefined, suffix: undefined, triggerWord: undefined, midjourneyVersion: '7' },
  };
}
