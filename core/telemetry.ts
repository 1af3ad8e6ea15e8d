import { type Counter, metrics, SpanStatusCode, trace } from '@opentelemetry/api';
import { DeferredError, FailedError, ProblemError } from './errors.ts';

/**
 * What is measured, and under which names. Only the API is used: where a host registers no SDK, all of this costs next
 * to nothing and goes nowhere.
 */

const SCOPE = 'prompt-generator';

const NAMES = {
  /** A span: one image, from asking for its analysis until that is there, with every wait and call. */
  analyze: 'vision.analyze',
  /** A counter by provider and outcome: analyses that the service was asked for, however many requests each took. */
  calls: 'vision.calls',
  /** A counter by provider and code: images put off to a later time. */
  deferred: 'vision.deferred',
  /** A gauge by provider: 0 closed, 1 half-open, 2 open. */
  breaker: 'vision.breaker',
} as const;

const EVENTS = {
  /** A counter by outcome: what became of an image's event. */
  handled: 'events.handled',
  /** A counter by reason: messages that are no event of an image, set aside. */
  malformed: 'events.malformed',
} as const;

const ATTRIBUTES = {
  provider: 'vision.provider',
  /** `ok`, the code of an error, or `aborted` where nobody waited any more. */
  outcome: 'vision.outcome',
  /** Analyses that were asked for this image, however many requests each took. */
  attempts: 'vision.attempts',
} as const;

const BREAKER_LEVELS = { closed: 0, 'half-open': 1, open: 2 } as const;

/** What becomes of the messages of the queue. Made when the program starts, as below. */
export class EventTelemetry {
  readonly #handled: Counter;
  readonly #malformed: Counter;

  constructor() {
    const meter = metrics.getMeter(SCOPE);
    this.#handled = meter.createCounter(EVENTS.handled, { unit: '{event}' });
    this.#malformed = meter.createCounter(EVENTS.malformed, { unit: '{message}' });
  }

  handled(outcome: string): void {
    this.#handled.add(1, { 'event.outcome': outcome });
  }

  malformed(reason: string): void {
    this.#malformed.add(1, { 'event.reason': reason });
  }
}

/** Counts the call, and gives back what it gives. */
export type CountedCall = <T>(call: () => Promise<T>) => Promise<T>;

/** Made when the program starts: instruments made before a host registers its SDK would stay silent for ever. */
export class VisionTelemetry {
  readonly #provider: { readonly [ATTRIBUTES.provider]: string };
  readonly #tracer = trace.getTracer(SCOPE);
  readonly #calls: Counter;
  readonly #deferred: Counter;

  constructor(provider: string, breaker: () => keyof typeof BREAKER_LEVELS) {
    this.#provider = { [ATTRIBUTES.provider]: provider };
    const meter = metrics.getMeter(SCOPE);
    this.#calls = meter.createCounter(NAMES.calls, { unit: '{call}' });
    this.#deferred = meter.createCounter(NAMES.deferred, { unit: '{image}' });
    meter.createObservableGauge(NAMES.breaker).addCallback((result) => {
      result.observe(BREAKER_LEVELS[breaker()], this.#provider);
    });
  }

  /** Surrounds all that is done for one image; every call of the service goes through what `analyze` is given. */
  async image<T>(signal: AbortSignal, analyze: (counted: CountedCall) => Promise<T>): Promise<T> {
    return this.#tracer.startActiveSpan(NAMES.analyze, { attributes: this.#provider }, async (span) => {
      let attempts = 0;
      const counted: CountedCall = (call) => {
        attempts++;
        return settled(call, signal, (outcome) =>
          this.#calls.add(1, { ...this.#provider, [ATTRIBUTES.outcome]: outcome }),
        );
      };
      return settled(
        () => analyze(counted),
        signal,
        (outcome, error) => {
          span.setAttributes({ [ATTRIBUTES.outcome]: outcome, [ATTRIBUTES.attempts]: attempts });
          if (error instanceof DeferredError) {
            this.#deferred.add(1, { ...this.#provider, [ATTRIBUTES.outcome]: error.code });
          } else if (error instanceof FailedError || outcome === 'internal') {
            span.setStatus({ code: SpanStatusCode.ERROR, message: outcome });
          }
          span.end();
        },
      );
    });
  }
}

async function settled<T>(
  run: () => Promise<T>,
  signal: AbortSignal,
  tell: (outcome: string, error?: unknown) => void,
): Promise<T> {
  try {
    const result = await run();
    tell('ok');
    return result;
  } catch (error) {
    const code = error instanceof ProblemError ? error.code : 'internal';
    tell(signal.aborted ? 'aborted' : code, error);
    throw error;
  }
}
