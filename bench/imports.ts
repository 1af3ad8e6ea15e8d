import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { median } from './figures.ts';

export interface ImportCost {
  readonly milliseconds: number;
  /** Resident memory of the whole process afterwards, in MiB. */
  readonly mebibytes: number;
}

const DEADLINE_MS = 30_000;
const PROBE = fileURLToPath(new URL('./import-probe.ts', import.meta.url));

/**
 * What loading each module costs, as medians over fresh processes that take turns.
 * @param modules addresses, or null for a process that loads nothing
 */
export async function compareImports<Name extends string>(
  modules: Readonly<Record<Name, URL | null>>,
  rounds: number,
): Promise<Record<Name, ImportCost>> {
  // Object.entries widens the keys it was given to string.
  const entries = Object.entries(modules) as [Name, URL | null][];
  const costs = entries.map(([name, module]) => ({ name, module, samples: [] as ImportCost[] }));
  for (let round = 0; round < rounds; round++) {
    for (const { module, samples } of costs) samples.push(await probe(module));
  }
  const medians = costs.map(({ name, samples }) => [
    name,
    {
      milliseconds: median(samples.map((sample) => sample.milliseconds)),
      mebibytes: median(samples.map((sample) => sample.mebibytes)),
    },
  ]);
  // One entry for each name that came in.
  return Object.fromEntries(medians) as Record<Name, ImportCost>;
}

async function probe(module: URL | null): Promise<ImportCost> {
  const child = fork(PROBE, module ? [module.href] : [], {
    env: { STORAGE: 'UseDevelopmentStorage=true' },
    // Outside Azure @azure/functions says on every start that no host is there.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const signal = AbortSignal.timeout(DEADLINE_MS);
  const exited = once(child, 'exit', { signal });
  const [cost] = await Promise.race([once(child, 'message', { signal }), exited]);
  if (typeof cost !== 'object' || cost === null)
    throw new Error(`loading ${module?.href} ended with ${cost}`);
  await exited;
  return cost;
}
