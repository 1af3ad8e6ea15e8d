import type { Log, LogSink } from '../log.ts';
import { faultTeller, type TellFault } from './faults.ts';

/** Of the standard variables, those that say where to: https://opentelemetry.io/docs/specs/otel/protocol/exporter/ */
const OTLP_ENDPOINT = /^OTEL_EXPORTER_OTLP_(?:(?:TRACES|METRICS|LOGS)_)?ENDPOINT$/;

/** What a host that ends waits for at most, so that it is not killed for a collector that hangs. */
const STOP_DEADLINE_MS = 3_000;

/** What this process tells of itself. */
export interface Telemetry {
  /** Whether anything is sent anywhere. */
  readonly isOn: boolean;
  /** Where log lines go, besides where they go without it. */
  readonly sinks: readonly LogSink[];
  /**
   * Sends what is left. Never fails: nothing that was done for images is undone by it.
   * @returns false where it was not sent in three seconds; then something of it may keep the process from ending
   */
  stop(): Promise<boolean>;
}

/** An SDK that is registered. */
export interface Sdk {
  readonly sink: LogSink;
  shutdown(): Promise<void>;
}

export const NO_TELEMETRY: Telemetry = { isOn: false, sinks: [], stop: async () => true };

/**
 * Registers an SDK where the environment names someone who listens: Application Insights, or else a collector by OTLP. To
 * be called before the program is put together. Where nobody listens, nothing of it is loaded.
 * @param env `process.env`, which the SDKs read, too
 * @param log what cannot be sent is told there; not by the SDK itself
 */
export async function startTelemetry(env: NodeJS.ProcessEnv, log: Pick<Log, 'warn'>): Promise<Telemetry> {
  const load = sdkOf(env);
  if (load === null || env.OTEL_SDK_DISABLED?.toLowerCase() === 'true') return NO_TELEMETRY;
  nameService(env);
  try {
    const { sink, shutdown } = await load(faultTeller(log));
    return { isOn: true, sinks: [sink], stop: () => inTime(shutdown(), log) };
  } catch (err) {
    log.warn({ err }, 'telemetry could not be started');
    return NO_TELEMETRY;
  }
}

/**
 * As whoever set it up says; else as it is called in Azure, so that one resource of Application Insights tells several
 * programs apart. An empty variable is one that is not set: https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 */
function nameService(env: NodeJS.ProcessEnv): void {
  if (env.OTEL_SERVICE_NAME?.trim()) return;
  delete env.OTEL_SERVICE_NAME;
  if (/(^|,)\s*service\.name\s*=\s*[^\s,]/.test(env.OTEL_RESOURCE_ATTRIBUTES ?? '')) return;
  env.OTEL_SERVICE_NAME = env.CONTAINER_APP_NAME || env.WEBSITE_SITE_NAME || 'prompt-generator';
}

function sdkOf(env: NodeJS.ProcessEnv): ((tell: TellFault) => Promise<Sdk>) | null {
  const connectionString = env.APPLICATIONINSIGHTS_CONNECTION_STRING?.replace(/[;\s]+$/, '').trim();
  if (connectionString) {
    return async (tell) =>
      (await import('./azure-monitor.ts')).startAzureMonitor(connectionString, env, tell);
  }
  const isCollected = Object.entries(env).some(([key, value]) => OTLP_ENDPOINT.test(key) && value?.trim());
  return isCollected ? async (tell) => (await import('./otlp.ts')).startOtlp(tell) : null;
}

async function inTime(ending: Promise<void>, log: Pick<Log, 'warn'>): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<false>();
  const timer = setTimeout(resolve, STOP_DEADLINE_MS, false);
  const sent = ending.then(
    () => true,
    (err) => {
      log.warn({ err }, 'the last telemetry could not be sent');
      return true;
    },
  );
  const isSettled = await Promise.race([sent, late]).finally(() => clearTimeout(timer));
  if (!isSettled)
    log.warn({ milliseconds: STOP_DEADLINE_MS }, 'the last telemetry could not be sent in time');
  return isSettled;
}
