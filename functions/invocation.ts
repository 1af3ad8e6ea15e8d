import { AsyncLocalStorage } from 'node:async_hooks';
import type { InvocationContext } from '@azure/functions';
import { context, propagation } from '@opentelemetry/api';
import { type LogSink, standardOutput } from '../core/log.ts';
import { describing } from '../core/telemetry/spans.ts';

const invocations = new AsyncLocalStorage<InvocationContext>();

/** Runs a function's work as a part of its invocation: what it logs and what it traces is found with it. */
export function invoked<T>(invocation: InvocationContext, run: () => Promise<T>): Promise<T> {
  const { traceParent, traceState } = invocation.traceContext ?? {};
  const carrier = {
    ...(traceParent && { traceparent: traceParent }),
    ...(traceState && { tracestate: traceState }),
  };
  const caller = propagation.extract(context.active(), carrier);
  return invocations.run(invocation, () => context.with(caller, run));
}

/** As `invoked`, for what is one image's event. */
export function invokedForImage<T>(invocation: InvocationContext, run: () => Promise<T>): Promise<T> {
  return invoked(invocation, () => describing(run));
}

/** Lines as the host has them: of the invocation they belong to, or of none while the program starts. */
export function invocationLog(): LogSink {
  const outside = standardOutput();
  return (line) => {
    const { level, fields, message } = line;
    const invocation = invocations.getStore();
    if (invocation === undefined) outside(line);
    else invocation[level](Object.keys(fields).length > 0 ? `${message} ${JSON.stringify(fields)}` : message);
  };
}
