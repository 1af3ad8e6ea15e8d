import { appendFile } from 'node:fs/promises';
import { az } from './az.ts';
import { deploymentOutputs } from './deployment-outputs.ts';

/** Prints what the last deployment to the resource group RESOURCE_GROUP_ID says of itself, also as outputs of a step. */

const { RESOURCE_GROUP_ID, GITHUB_OUTPUT } = process.env;
if (!RESOURCE_GROUP_ID) throw new Error('RESOURCE_GROUP_ID is missing');
const outputs = await deploymentOutputs(RESOURCE_GROUP_ID, az);
const lines = Object.entries(outputs).map(([name, value]) => `${name}=${value}\n`);
if (GITHUB_OUTPUT) await appendFile(GITHUB_OUTPUT, lines.join(''));
console.log(lines.join(''));
