import { type Counter, metrics } from '@opentelemetry/api';
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
    this.#handled.add(1, { [ATTRIBUTES.eventOutcome]: outcome });
  }

  malformed(reason: string): void {
    this.#malformed.add(1, { [ATTRIBUTES.malformedReason]: reason });
  }
}
