import { type Counter, type Histogram, metrics, SpanStatusCode, trace } from '@opentelemetry/api';
import { DeferredError, ProblemError, RefusedError } from '../errors.ts';
import { ATTRIBUTES, METRICS, SCOPE } from '../telemetry.ts';

/** Seconds: from what one waits for to what a queue or a schedule holds back. */
const AGES = [0.5, 1, 2, 3, 5, 10, 30, 60, 300, 900, 3_600, 21_600, 86_400];

/** How an attempt ended, as an `Outcome` tells it. */
type Ended = { readonly status: string; readonly error?: ProblemError };

/** What becomes of images. Made when the program starts, as VisionTelemetry is. */
export class ImageTelemetry {
  readonly #images: Counter;
  readonly #dropToPrompt: Histogram;
  readonly #reused: Counter;

  constructor() {
    const meter = metrics.getMeter(SCOPE);
    this.#images = meter.createCounter(METRICS.images, { unit: '{image}' });
    this.#dropToPrompt = meter.createHistogram(METRICS.dropToPrompt, {
      unit: 's',
      advice: { explicitBucketBoundaries: AGES },
    });
    this.#reused = meter.createCounter(METRICS.visionReused, { unit: '{analysis}' });
  }

  /**
   * Counts an attempt, and gives back what it gives. The span around it tells of its end, too.
   * @param endOf how it ended, from what it gave
   */
  async attempt<T>(
    signal: AbortSignal,
    run: () => Promise<T>,
    endOf: (result: T) => Ended = () => ({ status: 'done' }),
  ): Promise<T> {
    try {
      const result = await run();
      this.#ended(endOf(result));
      return result;
    } catch (error) {
      this.#ended(signal.aborted ? { status: 'aborted' } : thrown(error));
      throw error;
    }
  }

  /** @param seconds from an image's Last-Modified to its prompt */
  prompted(seconds: number): void {
    this.#dropToPrompt.record(seconds);
  }

  /** An analysis was there already. */
  reused(provider: string): void {
    this.#reused.add(1, { [ATTRIBUTES.provider]: provider });
  }

  #ended({ status, error }: Ended): void {
    const attributes = {
      [ATTRIBUTES.imageOutcome]: status,
      ...(error && { [ATTRIBUTES.problemCode]: error.code }),
    };
    this.#images.add(1, attributes);
    const span = trace.getActiveSpan();
    span?.setAttributes(attributes);
    if (status === 'failed')
      span?.setStatus({ code: SpanStatusCode.ERROR, message: error?.code ?? 'internal' });
  }
}

function thrown(error: unknown): Ended {
  if (!(error instanceof ProblemError)) return { status: 'failed' };
  if (error instanceof RefusedError) return { status: 'refused', error };
  return { status: error instanceof DeferredError ? 'deferred' : 'failed', error };
}
