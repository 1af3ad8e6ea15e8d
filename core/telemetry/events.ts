import { type Counter, metrics, trace } from '@opentelemetry/api';
import { ATTRIBUTES, METRICS, SCOPE } from '../telemetry.ts';

/** What becomes of the messages of the queue. Made when the program starts, as VisionTelemetry is. */
export class EventTelemetry {
  readonly #handled: Counter;
  readonly #malformed: Counter;

  constructor() {
    const meter = metrics.getMeter(SCOPE);
    this.#handled = meter.createCounter(METRICS.events, { unit: '{event}' });
    this.#malformed = meter.createCounter(METRICS.malformed, { unit: '{message}' });
  }

  handled(outcome: string): void {
    const attributes = { [ATTRIBUTES.eventOutcome]: outcome };
    this.#handled.add(1, attributes);
    trace.getActiveSpan()?.setAttributes(attributes);
  }

  malformed(reason: string): void {
    const attributes = { [ATTRIBUTES.malformedReason]: reason };
    this.#malformed.add(1, attributes);
    trace.getActiveSpan()?.setAttributes(attributes);
  }
}
