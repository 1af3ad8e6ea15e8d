import type { Heard } from './envelopes.ts';

/** What a program says of itself by OTLP, in JSON: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding */

interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
}

interface OtlpLog {
  readonly traceId?: string;
  readonly body?: { readonly stringValue?: string };
}

/** SERVER and CONSUMER of the protocol. */
const REQUESTS = [2, 5];

/** Null for a path that telemetry is not sent to. */
export function readOtlp(path: string, text: string): Heard | null {
  const nothing: Heard = { spans: [], metrics: [], logs: [] };
  const sent = JSON.parse(text || '{}');
  switch (path) {
    case '/v1/traces': {
      const spans = items<OtlpSpan>(sent, 'Spans', 'spans').map(
        ({ traceId, spanId, parentSpanId, name, kind }) => ({
          ...{ trace: traceId, id: spanId, parent: parentSpanId ?? null, name },
          isRequest: REQUESTS.includes(kind),
        }),
      );
      return { ...nothing, spans };
    }
    case '/v1/metrics': {
      const metrics = items<{ readonly name: string }>(sent, 'Metrics', 'metrics');
      return { ...nothing, metrics: metrics.map(({ name }) => name) };
    }
    case '/v1/logs': {
      const logs = items<OtlpLog>(sent, 'Logs', 'logRecords');
      return {
        ...nothing,
        logs: logs.map(({ traceId = '', body }) => ({ trace: traceId, message: body?.stringValue ?? '' })),
      };
    }
    default:
      return null;
  }
}

/** Of every resource and every scope. */
function items<Item>(
  sent: Readonly<Record<string, readonly Readonly<Record<string, readonly Record<string, Item[]>[]>>[]>>,
  kind: string,
  key: string,
): Item[] {
  const resources = sent[`resource${kind}`] ?? [];
  return resources.flatMap((resource) =>
    (resource[`scope${kind}`] ?? []).flatMap((scope) => scope[key] ?? []),
  );
}
