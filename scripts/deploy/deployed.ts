import { appendFile } from 'node:fs/promises';
import { az } from './az.ts';
import { deployedRun, recordRun } from './deployed-run.ts';

/**
 * `deployed.ts read`: prints the run whose release was last deployed to the resource group RESOURCE_GROUP_ID and worked, also as
 * the output `run-id` of a step; empty where there is none. With EXPECTED_RUN it fails where another one stands there: whoever
 * takes a release back takes back no other. `deployed.ts write`: keeps RUN_ID as that.
 */

const { RESOURCE_GROUP_ID, RUN_ID, EXPECTED_RUN, GITHUB_OUTPUT } = process.env;
if (!RESOURCE_GROUP_ID) throw new Error('RESOURCE_GROUP_ID is missing');
const [command] = process.argv.slice(2);
if (command === 'read') {
  const run = (await deployedRun(RESOURCE_GROUP_ID, az)) ?? '';
  if (GITHUB_OUTPUT) await appendFile(GITHUB_OUTPUT, `run-id=${run}\n`);
  console.log(run || 'nothing was deployed there before');
  if (EXPECTED_RUN && run !== EXPECTED_RUN) {
    throw new Error(
      `Run ${run} was deployed there since, and works: run ${EXPECTED_RUN} is not brought back over it.`,
    );
  }
} else if (command === 'write' && RUN_ID) {
  await recordRun(RESOURCE_GROUP_ID, RUN_ID, az);
} else {
  throw new Error('deployed.ts read, or deployed.ts write with RUN_ID');
}
