import { type Counter, metrics, SpanStatusCode, trace } from '@opentelemetry/api';
import { DeferredError, FailedError, ProblemError } from '../errors.ts';
import { ATTRIBUTES, METRICS, SCOPE, SPANS } from '../telemetry.ts';

const BREAKER_LEVELS = { closed: 0, 'half-open': 1, open: 2 } as const;

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
    this.#calls = meter.createCounter(METRICS.visionCalls, { unit: '{call}' });
    this.#deferred = meter.createCounter(METRICS.visionDeferred, { unit: '{image}' });
    meter.createObservableGauge(METRICS.visionBreaker).addCallback((result) => {
      result.observe(BREAKER_LEVELS[breaker()], this.#provider);
    });
  }

  /** Surrounds all that is done for one image; every call of the service goes through what `analyze` is given. */
  async image<T>(signal: AbortSignal, analyze: (counted: CountedCall) => Promise<T>): Promise<T> {
    return this.#tracer.startActiveSpan(SPANS.analyze, { attributes: this.#provider }, async (span) => {
      let attempts = 0;
      const counted: CountedCall = (call) => {
        attempts++;
        return settled(call, signal, (outcome) =>
          this.#calls.add(1, { ...this.#provider, [ATTRIBUTES.visionOutcome]: outcome }),
        );
      };
      return settled(
        () => analyze(counted),
        signal,
        (outcome, error) => {
          span.setAttributes({ [ATTRIBUTES.visionOutcome]: outcome, [ATTRIBUTES.attempts]: attempts });
          if (error instanceof DeferredError) {
            this.#deferred.add(1, { ...this.#provider, [ATTRIBUTES.visionOutcome]: error.code });
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
