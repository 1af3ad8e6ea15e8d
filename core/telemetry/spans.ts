import { type Attributes, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { FailedError, ProblemError } from '../errors.ts';
import { ATTRIBUTES, SCOPE, SPANS } from '../telemetry.ts';

type SpanName = (typeof SPANS)[keyof typeof SPANS];

interface SpanSettings {
  readonly attributes?: Attributes;
  readonly kind?: SpanKind;
}

/**
 * Runs it within a span, which what it starts is below. What the span tells of an error is its code, never its message:
 * that may name what is nobody's business.
 * @throws what it throws
 */
export async function inSpan<T>(
  name: SpanName,
  run: (span: Span) => T | Promise<T>,
  settings: SpanSettings = {},
): Promise<T> {
  // Asked for anew each time: one that was had before a host registered its SDK can stay silent.
  return trace.getTracer(SCOPE).startActiveSpan(name, settings, async (span) => {
    try {
      return await run(span);
    } catch (error) {
      failed(span, error);
      throw error;
    } finally {
      span.end();
    }
  });
}

/**
 * Runs all that is done for one image's event or request within one span. Where a host tells of the request or the
 * invocation, it is a part of that; else it stands for it.
 */
export function describing<T>(run: () => Promise<T>): Promise<T> {
  const kind = trace.getActiveSpan() === undefined ? SpanKind.CONSUMER : SpanKind.INTERNAL;
  return inSpan(SPANS.describe, run, { kind });
}

/** A refusal, a deferral and a client who left are answers; all else is an error of this program or of a service. */
function failed(span: Span, error: unknown): void {
  if (error instanceof ProblemError) span.setAttributes({ [ATTRIBUTES.problemCode]: error.code });
  const isFault =
    error instanceof ProblemError
      ? error instanceof FailedError && error.kind.status >= 500
      : !(error instanceof Error && error.name === 'AbortError');
  if (!isFault) return;
  const message = error instanceof ProblemError ? error.code : 'internal';
  span.setStatus({ code: SpanStatusCode.ERROR, message });
}
