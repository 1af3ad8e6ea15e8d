import { appendFile } from 'node:fs/promises';
import { az } from './az.ts';
import { deployedRun, recordRun } from './deployed-run.ts';

/**
 * `deployed.ts read`: prints the run whose release was last deployed to the resource group RESOURCE_GROUP_ID and worked, also as
 * the output `run-id` of a step; empty where there is none. `deployed.ts write`: keeps RUN_ID as that.
 */

const { RESOURCE_GROUP_ID, RUN_ID, GITHUB_OUTPUT } = process.env;
if (!RESOURCE_GROUP_ID) throw new Error('RESOURCE_GROUP_ID is missing');
const [command] = process.argv.slice(2);
if (command === 'read') {
  const run = (await deployedRun(RESOURCE_GROUP_ID, az)) ?? '';
  if (GITHUB_OUTPUT) await appendFile(GITHUB_OUTPUT, `run-id=${run}\n`);
  console.log(run || 'nothing was deployed there before');
} else if (command === 'write' && RUN_ID) {
  await recordRun(RESOURCE_GROUP_ID, RUN_ID, az);
} else {
  throw new Error('deployed.ts read, or deployed.ts write with RUN_ID');
}
