import { app } from '@azure/functions';
import { parseConfig } from '../core/config.ts';
import { registerApi } from './api.ts';
import { registerBatch } from './batch/register.ts';
import { registerDescribeImage } from './describe-image.ts';
import { registerDescribeQueued } from './describe-queued.ts';
import { registerHousekeeping } from './housekeeping.ts';
import { functionsProgram } from './program.ts';
import { startWorkerTelemetry } from './telemetry.ts';

// It throws where the app settings have faults: the host then logs them and starts no function.
const config = parseConfig(process.env);
const telemetry = await startWorkerTelemetry(config, process.env);
const program = functionsProgram(config, telemetry);
registerApi(program);
registerDescribeImage(program);
registerDescribeQueued(program);
registerHousekeeping(program);
registerBatch(program);
app.hook.appTerminate(async () => {
  await program.stop();
  // After all that still had something to tell.
  await telemetry.stop();
});
