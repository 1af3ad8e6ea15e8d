import { type Clock, dateIn } from '../../clock.ts';
import { DeferredError, FailedError, type FailureCode, RefusedError } from '../../errors.ts';

export type BreakerState = 'closed' | 'half-open' | 'open';

/** So many calls in a row that the service did not answer: it is down, and the next would only wait for nothing. */
const MAX_FAILURES = 5;

/** How long nothing is asked: first so long, twice as long after each probe that fails, never longer than that. */
const FIRST_PAUSE_MS = 30_000;
const MAX_PAUSE_MS = 300_000;

const DOWN: ReadonlySet<FailureCode> = new Set(['vision-unavailable', 'vision-timeout']);
const ANSWERED: ReadonlySet<FailureCode> = new Set(['vision-throttled', 'vision-bad-response']);

/**
 * A circuit breaker. While it is open nothing is asked; then one call finds out, and everyone else is deferred until it
 * has. What the service answered, be it a refusal, is no sign of its being down; neither is what it never heard of.
 */
export class Breaker {
  readonly #clock: Clock;
  #failures = 0;
  /** Failed probes in a row, the call that opened it included. */
  #openings = 0;
  #probeAt = 0;
  #probing = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get state(): BreakerState {
    if (this.#openings === 0) return 'closed';
    return this.#probing ? 'half-open' : 'open';
  }

  /** @throws DeferredError `vision-circuit-open` where a call would not be let through now */
  check(): void {
    const pause = this.#probing ? FIRST_PAUSE_MS : this.#probeAt - this.#clock.elapsed();
    if (this.#openings === 0 || pause <= 0) return;
    throw new DeferredError('vision-circuit-open', dateIn(this.#clock, pause));
  }

  /** @throws DeferredError as `check` does, and whatever the call throws */
  async run<T>(call: () => Promise<T>): Promise<T> {
    this.check();
    const isProbe = this.#openings > 0;
    this.#probing ||= isProbe;
    try {
      const result = await call();
      this.#close();
      return result;
    } catch (error) {
      if (error instanceof FailedError && DOWN.has(error.code)) this.#fail(isProbe);
      else if (hasAnswered(error)) this.#close();
      throw error;
    } finally {
      if (isProbe) this.#probing = false;
    }
  }

  #close(): void {
    this.#failures = 0;
    this.#openings = 0;
  }

  #fail(isProbe: boolean): void {
    this.#failures++;
    // Calls begun before it opened may fail after: they say nothing new.
    const isNews = isProbe || (this.#openings === 0 && this.#failures >= MAX_FAILURES);
    if (!isNews) return;
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** this.#openings, MAX_PAUSE_MS);
    this.#openings++;
    this.#probeAt = this.#clock.elapsed() + pause;
  }
}

function hasAnswered(error: unknown): boolean {
  return error instanceof RefusedError || (error instanceof FailedError && ANSWERED.has(error.code));
}
