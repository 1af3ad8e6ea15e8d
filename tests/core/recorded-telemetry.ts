import {
  type Attributes,
  type Context,
  type Meter,
  type MeterProvider,
  metrics,
  type ObservableCallback,
  type Span,
  type SpanOptions,
  type Tracer,
  trace,
} from '@opentelemetry/api';

interface RecordedSpan {
  readonly name: string;
  readonly attributes: Attributes;
  status: unknown;
  isEnded: boolean;
}

/** Everything that is measured in this process from here on, in memory: what an SDK would send somewhere. */
export function recordTelemetry() {
  const spans: RecordedSpan[] = [];
  const counts: { readonly name: string; readonly value: number; readonly attributes: Attributes }[] = [];
  const gauges = new Map<string, ObservableCallback[]>();

  function startSpan(name: string, { attributes = {} }: SpanOptions): Span {
    const recorded: RecordedSpan = { name, attributes: { ...attributes }, status: null, isEnded: false };
    spans.push(recorded);
    const span = {
      setAttributes(more: Attributes) {
        Object.assign(recorded.attributes, more);
      },
      setStatus(status: unknown) {
        recorded.status = status;
      },
      end() {
        recorded.isEnded = true;
      },
    };
    // The rest of a span's methods is not used by what is tested here; calling one would fail the test.
    return span as unknown as Span;
  }

  // Of tracer and meter, as above, only what is called exists.
  const tracer = {
    startSpan,
    startActiveSpan: (name: string, options: SpanOptions, run: (span: Span, context?: Context) => unknown) =>
      run(startSpan(name, options)),
  } as unknown as Tracer;
  const meter = {
    createCounter: (name: string) => ({
      add: (value: number, attributes: Attributes) => counts.push({ name, value, attributes }),
    }),
    createHistogram: (name: string) => ({
      record: (value: number, attributes: Attributes = {}) => counts.push({ name, value, attributes }),
    }),
    createObservableGauge: (name: string) => ({
      addCallback: (callback: ObservableCallback) =>
        gauges.set(name, [...(gauges.get(name) ?? []), callback]),
    }),
  } as unknown as Meter;
  trace.setGlobalTracerProvider({ getTracer: () => tracer });
  metrics.setGlobalMeterProvider({ getMeter: () => meter } satisfies MeterProvider);

  return {
    spans,
    counts,
    /** What a gauge shows at this moment. */
    gauge(name: string): { readonly value: number; readonly attributes: Attributes | undefined }[] {
      const shown: { value: number; attributes: Attributes | undefined }[] = [];
      for (const callback of gauges.get(name) ?? []) {
        callback({ observe: (value, attributes) => shown.push({ value, attributes }) });
      }
      return shown;
    },
    stop() {
      trace.disable();
      metrics.disable();
    },
  };
}
