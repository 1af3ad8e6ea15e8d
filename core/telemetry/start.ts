import type { LogSink } from '../log.ts';

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
  /** Why it is off although the settings ask for it. */
  readonly fault?: unknown;
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
 */
export async function startTelemetry(env: NodeJS.ProcessEnv): Promise<Telemetry> {
  const load = sdkOf(env);
  if (load === null || env.OTEL_SDK_DISABLED?.toLowerCase() === 'true') return NO_TELEMETRY;
  // What it is called in Azure, so that one resource of Application Insights tells several programs apart.
  env.OTEL_SERVICE_NAME ??= env.CONTAINER_APP_NAME ?? env.WEBSITE_SITE_NAME ?? 'prompt-generator';
  try {
    const { sink, shutdown } = await load();
    return { isOn: true, sinks: [sink], stop: () => inTime(shutdown()) };
  } catch (fault) {
    return { ...NO_TELEMETRY, fault };
  }
}

function sdkOf(env: NodeJS.ProcessEnv): (() => Promise<Sdk>) | null {
  const connectionString = env.APPLICATIONINSIGHTS_CONNECTION_STRING?.trim();
  if (connectionString) {
    return async () => (await import('./azure-monitor.ts')).startAzureMonitor(connectionString, env);
  }
  const isCollected = Object.entries(env).some(([key, value]) => OTLP_ENDPOINT.test(key) && value?.trim());
  return isCollected ? async () => (await import('./otlp.ts')).startOtlp() : null;
}

async function inTime(ending: Promise<void>): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<false>();
  const timer = setTimeout(resolve, STOP_DEADLINE_MS, false);
  // What cannot be sent is lost, and the SDK has said so.
  const sent = ending.then(
    () => true,
    () => true,
  );
  return Promise.race([sent, late]).finally(() => clearTimeout(timer));
}
