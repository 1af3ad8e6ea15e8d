import { app } from '@azure/functions';
import { registerApi } from './api.ts';
import { registerBatch } from './batch/register.ts';
import { registerDescribeImage } from './describe-image.ts';
import { registerDescribeQueued } from './describe-queued.ts';
import { registerHousekeeping } from './housekeeping.ts';
import { functionsProgram } from './program.ts';

const program = functionsProgram();
registerApi(program);
registerDescribeImage(program);
registerDescribeQueued(program);
registerHousekeeping(program);
app.hook.appTerminate(() => program.stop());
registerBatch(program);
