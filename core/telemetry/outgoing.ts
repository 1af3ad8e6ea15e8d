import { type Counter, metrics } from '@opentelemetry/api';
import { ATTRIBUTES, METRICS, SCOPE } from '../telemetry.ts';

/** What becomes of all that is told to others. Made when the program starts, as VisionTelemetry is. */
export class OutgoingTelemetry {
  readonly #feed: Counter;
  readonly #webhook: Counter;

  constructor() {
    const meter = metrics.getMeter(SCOPE);
    this.#feed = meter.createCounter(METRICS.feed, { unit: '{entry}' });
    this.#webhook = meter.createCounter(METRICS.webhook, { unit: '{event}' });
  }

  /** @param outcome `written`, `superseded`, `foreign`, `removed`, `failed`, `full` or `stopped` */
  feed(outcome: string): void {
    this.#feed.add(1, { [ATTRIBUTES.feedOutcome]: outcome });
  }

  /** @param outcome `delivered`, `refused`, `failed`, `full` or `stopped` */
  webhook(outcome: string): void {
    this.#webhook.add(1, { [ATTRIBUTES.webhookOutcome]: outcome });
  }
}
