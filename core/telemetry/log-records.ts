import { type AnyValue, type AnyValueMap, logs, SeverityNumber } from '@opentelemetry/api-logs';
import type { LogSink } from '../log.ts';
import { SCOPE } from '../telemetry.ts';

const SEVERITIES = {
  info: SeverityNumber.INFO,
  warn: SeverityNumber.WARN,
  error: SeverityNumber.ERROR,
} as const;

/** The ids are those of the span that is active, which the SDK knows by itself. */
const KNOWN_OTHERWISE: ReadonlySet<string> = new Set(['err', 'trace_id', 'span_id']);

/** Lines as records of the SDK that was registered. */
export function logRecords(): LogSink {
  const logger = logs.getLogger(SCOPE);
  return ({ level, fields, message }) => {
    const severity = { severityNumber: SEVERITIES[level], severityText: level.toUpperCase() };
    logger.emit({ ...severity, body: message, attributes: { ...plain(fields), ...exception(fields.err) } });
  };
}

function plain(fields: Readonly<Record<string, unknown>>): AnyValueMap {
  const entries = Object.entries(fields).filter(([key]) => !KNOWN_OTHERWISE.has(key));
  return Object.fromEntries(entries.map(([key, value]) => [key, flat(value)]));
}

/** Not everyone who receives attributes can hold more than a text, a number or a flag. */
function flat(value: unknown): AnyValue {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return value === undefined || value === null ? null : JSON.stringify(value);
}

/** An error as OpenTelemetry names its parts, so that Application Insights has it among its exceptions. */
function exception(err: unknown): AnyValueMap {
  if (typeof err !== 'object' || err === null) return {};
  const { type, message, stack, ...more } = err as Readonly<Record<string, unknown>>;
  return {
    'exception.type': flat(type),
    'exception.message': flat(message),
    'exception.stacktrace': flat(stack),
    ...(Object.keys(more).length > 0 ? { 'exception.more': flat(more) } : {}),
  };
}
