import type { ImageEvent, Outcome } from '../../../core/describe/outcome.ts';
import { DeferredError, FailedError } from '../../../core/errors.ts';
import type { BatchSteps, MessageHandler } from '../../../core/queue/handle-message.ts';
import { encodeEvent, readMessage } from '../../../core/queue/message.ts';
import type { Queue } from '../../../core/queue/queue.ts';
import { QueueWorker, type WorkReport } from '../../../core/queue/worker.ts';
import { EventTelemetry } from '../../../core/telemetry/events.ts';
import { MemoryQueue } from '../../memory/memory-queue.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { NO_BATCHES } from './no-batches.ts';

export const DONE: Outcome = { status: 'done', document: null };
export const FAILED: Outcome = { status: 'failed', error: new FailedError('vision-unavailable') };

export function deferred(clock: SimulatedClock, ms: number): Outcome {
  const until = new Date(clock.now() + ms);
  return { status: 'deferred', until, error: new DeferredError('paused', until) };
}

interface Parts {
  readonly describe: MessageHandler['describe'];
  readonly batches?: BatchSteps;
  readonly clock?: SimulatedClock;
  /** As the worker sees them. */
  readonly events?: (queue: MemoryQueue) => Queue;
  readonly poison?: (queue: MemoryQueue) => Queue;
  readonly concurrency?: number;
  readonly maxPause?: number;
  readonly grace?: number;
}

/** A worker over queues in memory, by a clock that a test moves, with everything it tells. */
export function workshop(parts: Parts) {
  const { describe, clock = new SimulatedClock(), concurrency = 4, maxPause = 5_000, grace = 20_000 } = parts;
  const events = new MemoryQueue(clock);
  const poison = new MemoryQueue(clock, 'image-events-poison');
  const reports: WorkReport[] = [];
  const warnings: unknown[] = [];
  const stop = new AbortController();
  const handler: MessageHandler = {
    events: parts.events?.(events) ?? events,
    poison: parts.poison?.(poison) ?? poison,
    ...{ container: 'images', prefix: '', clock, telemetry: new EventTelemetry(), describe },
    batches: parts.batches ?? NO_BATCHES,
  };
  const make = () =>
    new QueueWorker({
      ...{ handler, clock, concurrency, maxPause, grace },
      report: (report) => reports.push(report),
      warn: (error) => warnings.push(error),
    });
  return {
    ...{ clock, events, poison, reports, warnings, stop, handler, make },
    send: (event: Partial<ImageEvent> = {}) =>
      events.send(encodeEvent({ container: 'images', name: 'a.jpg', ...event })),
    /** Lets a worker run until the condition holds, and then end. */
    async runUntil(isDone: () => boolean | Promise<boolean>, worker = make()): Promise<void> {
      const running = worker.run(stop.signal);
      const watching = until(isDone, clock).finally(() => stop.abort());
      await clock.runUntilSettled(Promise.all([running, watching]));
    },
  };
}

/** Resolves when the condition holds, looked at whenever a second has passed. */
async function until(isDone: () => boolean | Promise<boolean>, clock: SimulatedClock): Promise<void> {
  const never = new AbortController().signal;
  for (let seconds = 0; !(await isDone()); seconds++) {
    if (seconds > 3_600) throw new Error('it did not come about within an hour');
    await clock.sleep(1_000, never);
  }
}

/** The events in a queue, those that are hidden too when their time comes. */
export async function eventsIn(queue: MemoryQueue): Promise<(ImageEvent | string)[]> {
  const messages = await queue.peek(32);
  return messages.map(({ text }) => {
    const message = readMessage(text, 'images');
    if ('batch' in message) return message.batch;
    return 'event' in message ? message.event : message.malformed;
  });
}
