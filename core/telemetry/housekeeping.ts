import { type Counter, metrics } from '@opentelemetry/api';
import { ATTRIBUTES, METRICS, SCOPE } from '../telemetry.ts';

/** What the last run of housekeeping found. */
export interface Levels {
  /** Messages, approximately. */
  readonly queue: number;
  readonly poison: number;
  /** Seconds; 0 where no image waits. */
  readonly oldestWithoutPrompt: number;
  readonly visionCallsToday: number;
}

/** Made when the program starts, as VisionTelemetry is. Until a run has found something, the gauges show nothing. */
export class HousekeepingTelemetry {
  readonly #heartbeat: Counter;
  #levels: Levels | null = null;

  constructor() {
    const meter = metrics.getMeter(SCOPE);
    this.#heartbeat = meter.createCounter(METRICS.heartbeat, { unit: '{run}' });
    const gauge = (name: string, unit: string, level: keyof Levels) =>
      meter.createObservableGauge(name, { unit }).addCallback((result) => {
        if (this.#levels !== null) result.observe(this.#levels[level]);
      });
    gauge(METRICS.queueLength, '{message}', 'queue');
    gauge(METRICS.poisonLength, '{message}', 'poison');
    gauge(METRICS.oldestWithoutPrompt, 's', 'oldestWithoutPrompt');
    gauge(METRICS.visionCallsToday, '{call}', 'visionCallsToday');
  }

  found(levels: Levels): void {
    this.#levels = levels;
  }

  /** @param status of the run: `done`, `stopped`, `busy` or `failed` */
  ended(status: string): void {
    this.#heartbeat.add(1, { [ATTRIBUTES.runStatus]: status });
  }
}
