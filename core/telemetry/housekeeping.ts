import { type Counter, metrics } from '@opentelemetry/api';
import { type Clock, SYSTEM_CLOCK } from '../clock.ts';
import { ATTRIBUTES, METRICS, SCOPE } from '../telemetry.ts';

/** What a run of housekeeping found. */
export interface Levels {
  /** Messages, approximately. */
  readonly queue: number;
  readonly poison: number;
  /** Seconds; 0 where no image waits. */
  readonly oldestWithoutPrompt: number;
  readonly visionCallsToday: number;
}

/**
 * A little longer than from one hourly run to the end of the next. Where later ones find nothing, or another instance
 * does them, this one must not tell for ever of what was.
 */
const SHOWN_MS = 75 * 60_000;

const DAY_MS = 24 * 60 * 60_000;

/** Made when the program starts, as VisionTelemetry is. Gauges show what a run has found of late, or nothing. */
export class HousekeepingTelemetry {
  readonly #heartbeat: Counter;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #shown = new Map<keyof Levels, { readonly value: number; readonly until: number }>();

  constructor(clock: Pick<Clock, 'now'> = SYSTEM_CLOCK) {
    this.#clock = clock;
    const meter = metrics.getMeter(SCOPE);
    this.#heartbeat = meter.createCounter(METRICS.heartbeat, { unit: '{run}' });
    const gauge = (name: string, unit: string, level: keyof Levels) =>
      meter.createObservableGauge(name, { unit }).addCallback((result) => {
        const shown = this.#shown.get(level);
        if (shown && clock.now() < shown.until) result.observe(shown.value);
      });
    gauge(METRICS.queueLength, '{message}', 'queue');
    gauge(METRICS.poisonLength, '{message}', 'poison');
    gauge(METRICS.oldestWithoutPrompt, 's', 'oldestWithoutPrompt');
    gauge(METRICS.visionCallsToday, '{call}', 'visionCallsToday');
  }

  waiting({ queue, poison }: Pick<Levels, 'queue' | 'poison'>): void {
    const until = this.#clock.now() + SHOWN_MS;
    this.#shown.set('queue', { value: queue, until }).set('poison', { value: poison, until });
  }

  /** By an audit of the whole container. */
  audited({ oldestWithoutPrompt, visionCallsToday }: Omit<Levels, 'queue' | 'poison'>): void {
    const now = this.#clock.now();
    const until = now + SHOWN_MS;
    const midnight = (Math.floor(now / DAY_MS) + 1) * DAY_MS;
    this.#shown
      .set('oldestWithoutPrompt', { value: oldestWithoutPrompt, until })
      .set('visionCallsToday', { value: visionCallsToday, until: Math.min(until, midnight) });
  }

  /**
   * @param status of the run: `done`, `stopped`, `busy` or `failed`
   * @param audit how much of the container it saw: `whole`, `part` or `none`
   */
  ended(status: string, audit: string): void {
    this.#heartbeat.add(1, { [ATTRIBUTES.runStatus]: status, [ATTRIBUTES.audit]: audit });
  }
}
