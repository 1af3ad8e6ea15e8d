import { isSpanContextValid, trace } from '@opentelemetry/api';
import { destination, pino } from 'pino';
import { redacted } from './redact.ts';

/** What core needs of a logger. An error goes into the field `err`. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

const LEVELS = ['info', 'warn', 'error'] as const;

export interface LogLine {
  readonly level: (typeof LEVELS)[number];
  /** Without secrets; within a span with its ids. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}

/** Where lines go. */
export type LogSink = (line: LogLine) => void;

/**
 * Logs lines of this level and above. Within a span each has the ids of the trace and of the span, so that it is found
 * with what else was done for the same image.
 */
export function createLog(level: string, sinks: readonly LogSink[] = [standardOutput()]): Log {
  const { values } = pino.levels;
  const least = values[level] ?? Number.POSITIVE_INFINITY;
  const logAt = (at: LogLine['level']) => (fields: object, message: string) => {
    if ((values[at] ?? 0) < least) return;
    const line = { level: at, fields: { ...redacted(fields), ...spanIds() }, message };
    for (const sink of sinks) sink(line);
  };
  return { info: logAt('info'), warn: logAt('warn'), error: logAt('error') };
}

/** JSON lines on standard output. */
export function standardOutput(): LogSink {
  const lines = pino({ base: null, serializers: { err: (told) => told } }, destination({ sync: true }));
  return ({ level, fields, message }) => lines[level](fields, message);
}

/** Under the names of https://opentelemetry.io/docs/specs/otel/compatibility/logging_trace_context/ */
function spanIds(): Readonly<Record<string, string>> {
  const context = trace.getActiveSpan()?.spanContext();
  if (context === undefined || !isSpanContextValid(context)) return {};
  return { trace_id: context.traceId, span_id: context.spanId };
}
