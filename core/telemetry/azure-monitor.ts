import { type Instrumenter, type TracingContext, useInstrumenter } from '@azure/core-tracing';
import { SpanKind } from '@opentelemetry/api';
import { shutdownAzureMonitor, useAzureMonitor } from 'applicationinsights';
import { ambientIdentity } from '../identity.ts';
import { listenToSdk, type TellFault } from './faults.ts';
import { logRecords } from './log-records.ts';
import type { Sdk } from './start.ts';

/** What the SDK would tell its makers of its own use. */
const OWN_STATISTICS = [
  'APPLICATION_INSIGHTS_NO_STATSBEAT',
  'APPLICATIONINSIGHTS_STATSBEAT_DISABLED',
  'APPLICATIONINSIGHTS_SDKSTATS_DISABLED',
] as const;

const OFF = { enabled: false } as const;

type SpanProcessor = NonNullable<
  NonNullable<Parameters<typeof useAzureMonitor>[0]>['spanProcessors']
>[number];

/** Application Insights names what stands for an event by this alone, and has no name for it otherwise. */
const NAMED_EVENTS: SpanProcessor = {
  onStart(span) {
    if (span.kind === SpanKind.CONSUMER) span.setAttribute('ai.operation.name', span.name);
  },
  onEnd() {},
  async forceFlush() {},
  async shutdown() {},
};

/**
 * Traces, metrics and logs to Application Insights. Nothing is patched to be seen: what is worth telling, core tells by
 * itself, and the same to everyone who listens.
 * @param env where APPLICATIONINSIGHTS_AUTHENTICATION_STRING may ask for the identity, as the Functions host reads it
 * @throws Error for a connection string that is none
 */
export function startAzureMonitor(connectionString: string, env: NodeJS.ProcessEnv, tell: TellFault): Sdk {
  for (const key of OWN_STATISTICS) env[key] ??= 'true';
  const credential = credentialOf(env.APPLICATIONINSIGHTS_AUTHENTICATION_STRING ?? '');
  useAzureMonitor({
    azureMonitorExporterOptions: {
      connectionString,
      ...(credential && { credential }),
      // It would fill the temporary folder, and cannot send again what it reads there: dates have become texts.
      disableOfflineStorage: true,
      additionalPolicies: [{ policy: tellingOf(tell), position: 'perCall' }],
    },
    instrumentationOptions: {
      http: OFF,
      azureSdk: OFF,
      mongoDb: OFF,
      mySql: OFF,
      postgreSql: OFF,
      redis: OFF,
      redis4: OFF,
      bunyan: OFF,
      winston: OFF,
      console: OFF,
    },
    // How a fault of the program ends it is the program's own business.
    enableAutoCollectExceptions: false,
    enableLiveMetrics: false,
    enablePerformanceCounters: false,
    spanProcessors: [NAMED_EVENTS],
  });
  listenToSdk(tell);
  // It has the clients of Azure tell of each of their requests, whatever the options say.
  useInstrumenter(SILENT);
  return { sink: logRecords(), shutdown: shutdownAzureMonitor };
}

type ExporterOptions = NonNullable<
  NonNullable<Parameters<typeof useAzureMonitor>[0]>['azureMonitorExporterOptions']
>;
type Policy = NonNullable<ExporterOptions['additionalPolicies']>[number]['policy'];

/** Those that the SDK follows; of where it does not it tells itself. */
const REDIRECTS = new Set([307, 308]);

/** The SDK takes some answers without a word, as that nobody knows the key, or that a part of it was refused (206). */
function tellingOf(tell: TellFault): Policy {
  return {
    name: 'tell-faults',
    async sendRequest(request, next) {
      try {
        const answer = await next(request);
        if (answer.status !== 200 && !REDIRECTS.has(answer.status))
          tell(`Application Insights answers ${answer.status}`);
        return answer;
      } catch (error) {
        tell(error instanceof Error ? error.message : 'Application Insights cannot be reached');
        throw error;
      }
    },
  };
}

/** `Authorization=AAD`, and for a user-assigned identity `ClientId=…`, in parts that semicolons divide. */
function credentialOf(authentication: string) {
  const parts = new Map(
    authentication.split(';').map((part) => {
      const [key = '', value = ''] = part.split('=');
      return [key.trim().toLowerCase(), value.trim()];
    }),
  );
  return parts.get('authorization')?.toUpperCase() === 'AAD' ? ambientIdentity(parts.get('clientid')) : null;
}

const SILENT_CONTEXT: TracingContext = {
  setValue: () => SILENT_CONTEXT,
  getValue: () => undefined,
  deleteValue: () => SILENT_CONTEXT,
};

const SILENT: Instrumenter = {
  startSpan: (_name, { tracingContext = SILENT_CONTEXT }) => ({
    span: {
      end() {},
      setStatus() {},
      setAttribute() {},
      recordException() {},
      isRecording: () => false,
    },
    tracingContext,
  }),
  withContext: (_context, callback, ...given) => callback(...given),
  parseTraceparentHeader: () => undefined,
  createRequestHeaders: () => ({}),
};
