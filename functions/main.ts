import { registerApi } from './api.ts';
import { registerDescribeImage } from './describe-image.ts';
import { functionsProgram } from './program.ts';

const program = functionsProgram();
registerApi(program);
registerDescribeImage(program);
