import { app } from '@azure/functions';
import type { Config } from '../core/config.ts';
import { createLog } from '../core/log.ts';
import { NO_TELEMETRY, startTelemetry, type Telemetry } from '../core/telemetry/start.ts';

/**
 * What this worker tells by itself: nothing, unless TELEMETRY says so. Then the host is told to send no copies of what the
 * worker logs (https://github.com/Azure/azure-functions-host/issues/11522).
 */
export async function startWorkerTelemetry(
  { TELEMETRY, LOG_LEVEL }: Pick<Config, 'TELEMETRY' | 'LOG_LEVEL'>,
  env: NodeJS.ProcessEnv,
): Promise<Telemetry> {
  if (TELEMETRY === 'host') return NO_TELEMETRY;
  // The host shows what its worker prints, whoever else may be out of reach.
  const telemetry = await startTelemetry(env, createLog(LOG_LEVEL));
  if (telemetry.isOn) app.setup({ capabilities: { WorkerOpenTelemetryEnabled: true } });
  return telemetry;
}
