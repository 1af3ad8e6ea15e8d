import { metrics, NodeSDK, tracing } from '@opentelemetry/sdk-node';

interface KeptPoint {
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Of a histogram its sum. */
  readonly value: number;
}

/** The real SDK in this process, which keeps what it is told. One at a time. */
export function startMemorySdk() {
  const kept = new tracing.InMemorySpanExporter();
  const exporter = new metrics.InMemoryMetricExporter(metrics.AggregationTemporality.CUMULATIVE);
  const reader = new metrics.PeriodicExportingMetricReader({ exporter });
  const sdk = new NodeSDK({
    spanProcessors: [new tracing.SimpleSpanProcessor(kept)],
    metricReaders: [reader],
    logRecordProcessors: [],
    instrumentations: [],
    autoDetectResources: false,
  });
  sdk.start();
  return {
    /** Those that have ended, in the order of their ends. */
    spans: () =>
      kept.getFinishedSpans().map((span) => ({
        ...{ name: span.name, kind: span.kind, attributes: span.attributes },
        ...{ status: span.status.code, message: span.status.message },
        ...{ id: span.spanContext().spanId, parent: span.parentSpanContext?.spanId ?? null },
      })),
    async points(name: string): Promise<KeptPoint[]> {
      await reader.forceFlush();
      const all =
        exporter
          .getMetrics()
          .at(-1)
          ?.scopeMetrics.flatMap((scope) => scope.metrics) ?? [];
      const points = all.find(({ descriptor }) => descriptor.name === name)?.dataPoints ?? [];
      return points.map(({ attributes, value }) => ({
        attributes,
        value: typeof value === 'number' ? value : ('sum' in value && value.sum) || 0,
      }));
    },
    stop: () => sdk.shutdown(),
  };
}
