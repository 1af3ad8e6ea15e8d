import { app } from '@azure/functions';
import type { Config } from '../core/config.ts';
import { NO_TELEMETRY, startTelemetry, type Telemetry } from '../core/telemetry/start.ts';

/**
 * What this worker tells by itself: nothing, unless TELEMETRY says so. Then the host is told to send no copies of what the
 * worker logs (https://github.com/Azure/azure-functions-host/issues/11522).
 */
export async function startWorkerTelemetry(
  { TELEMETRY }: Pick<Config, 'TELEMETRY'>,
  env: NodeJS.ProcessEnv,
): Promise<Telemetry> {
  if (TELEMETRY === 'host') return NO_TELEMETRY;
  const telemetry = await startTelemetry(env);
  if (telemetry.isOn) app.setup({ capabilities: { WorkerOpenTelemetryEnabled: true } });
  return telemetry;
}
