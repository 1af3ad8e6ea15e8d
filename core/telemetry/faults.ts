import { context, DiagLogLevel, diag, ROOT_CONTEXT } from '@opentelemetry/api';
import { type Clock, SYSTEM_CLOCK } from '../clock.ts';
import type { Log } from '../log.ts';

/** Tells what an SDK could not do. */
export type TellFault = (fault: string) => void;

/** Each kind of fault is told so often at most: a collector that is gone fails every few seconds. */
const EVERY_MS = 10 * 60_000;

/** So many kinds at most in that time: answers may differ each time. */
const MAX_KINDS = 10;

const MAX_FAULT = 500;

/** Of every start to Application Insights, and of no consequence. */
const NOISE = /^Accessing resource attributes before/;

/** @param log not one that sends its lines by the SDK: what cannot be sent cannot say so */
export function faultTeller(log: Pick<Log, 'warn'>, clock: Pick<Clock, 'elapsed'> = SYSTEM_CLOCK): TellFault {
  const told = new Set<string>();
  let since = clock.elapsed();
  return (fault) => {
    if (clock.elapsed() - since >= EVERY_MS) {
      told.clear();
      since = clock.elapsed();
    }
    const kind = fault.replace(/\d+/g, '');
    if (NOISE.test(fault) || told.has(kind) || told.size >= MAX_KINDS) return;
    told.add(kind);
    // It belongs to no trace, whatever was being done when it came to light.
    context.with(ROOT_CONTEXT, () => log.warn({ fault: fault.slice(0, MAX_FAULT) }, 'telemetry may be lost'));
  };
}

/** Without this an SDK says nothing to anyone, unless OTEL_LOG_LEVEL has it write to the console. */
export function listenToSdk(tell: TellFault): void {
  const hear = (...said: readonly unknown[]) => tell(said.map(textOf).join(' '));
  const ignore = () => {};
  diag.setLogger(
    { error: hear, warn: hear, info: ignore, debug: ignore, verbose: ignore },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
}

/** SDKs make JSON of errors, with their stacks and all that they were answered. */
function textOf(said: unknown): string {
  if (said instanceof Error) return said.message;
  const text = String(said);
  try {
    const { message, code } = JSON.parse(text);
    if (typeof message === 'string' || typeof code === 'string') return [message, code].join(' ').trim();
  } catch {
    // It is no JSON, so it was made for people.
  }
  return text;
}
