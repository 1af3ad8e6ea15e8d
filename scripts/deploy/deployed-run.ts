import type { Az } from './az.ts';

/** A tag of the resource group: it is there as long as what it speaks of, and no one else needs a place to keep it. */
const TAG = 'prompt-generator-run';

/** @returns the run of the release that works there; null before the first, or where the group is not there yet */
export async function deployedRun(resourceGroup: string, az: Az): Promise<string | null> {
  const query = ['--query', `properties.tags."${TAG}"`, '--output', 'tsv'];
  const run = await az(['tag', 'list', '--resource-id', resourceGroup, ...query]).catch((error: unknown) => {
    if (error instanceof Error && /NotFound/.test(error.message)) return '';
    throw error;
  });
  // What else might stand there is no run, and would be looked for in vain.
  return /^\d+$/.test(run) ? run : null;
}

/** @param run the id of a run of the workflow `release` */
export async function recordRun(resourceGroup: string, run: string, az: Az): Promise<void> {
  if (!/^\d+$/.test(run)) throw new Error(`${run} is no id of a run`);
  await az([
    'tag',
    'update',
    '--resource-id',
    resourceGroup,
    '--operation',
    'Merge',
    '--tags',
    `${TAG}=${run}`,
  ]);
}
