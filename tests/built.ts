import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** What who builds and who waits may take together, in milliseconds. */
export const BUILD_DEADLINE_MS = 120_000;
const LOOK_AGAIN_MS = 100;

/**
 * Both hosts as `npm run build` makes them, far from every node_modules but their own. The first test file of a run that
 * asks builds them; the others wait for that.
 * @returns the folder that holds functions and containerapp
 */
export async function builtHosts(): Promise<string> {
  const run = process.env.TEST_RUN_FOLDER;
  if (run === undefined) throw new Error('jest ran without its globalSetup');
  const built = join(run, 'dist');
  const deadline = performance.now() + BUILD_DEADLINE_MS;
  while (!existsSync(built)) {
    if (performance.now() > deadline) throw new Error('nobody finished the build');
    if (!(await locked(join(run, 'building'), () => build(join(run, 'unfinished'), built)))) {
      await delay(LOOK_AGAIN_MS);
    }
  }
  return built;
}

async function build(folder: string, built: string): Promise<void> {
  if (existsSync(built)) return;
  const command = ['scripts/run.mjs', 'build', folder];
  await promisify(execFile)(process.execPath, command, { cwd: ROOT, timeout: BUILD_DEADLINE_MS });
  await rename(folder, built);
}

/** @returns false, with nothing done, while someone else has the lock */
async function locked(lock: string, work: () => Promise<void>): Promise<boolean> {
  const isOurs = await mkdir(lock).then(
    () => true,
    () => false,
  );
  if (!isOurs) return false;
  try {
    await work();
  } finally {
    await rmdir(lock);
  }
  return true;
}
