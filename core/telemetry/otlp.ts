import { NodeSDK } from '@opentelemetry/sdk-node';
import { listenToSdk, type TellFault } from './faults.ts';
import { logRecords } from './log-records.ts';
import type { Sdk } from './start.ts';

/** Traces, metrics and logs to a collector, by the standard variables alone: OTEL_EXPORTER_OTLP_ENDPOINT and its kin. */
export function startOtlp(tell: TellFault): Sdk {
  // Nothing is patched to be seen: what is worth telling, core tells by itself.
  const sdk = new NodeSDK({ instrumentations: [] });
  if (!process.env.OTEL_LOG_LEVEL) listenToSdk(tell);
  sdk.start();
  return { sink: logRecords(), shutdown: () => sdk.shutdown() };
}
