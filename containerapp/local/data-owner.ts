import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';

/** The storage's data has one process at a time: of two, the last to end would overwrite what the other saved. */

const NAME = 'pid';

/** The storage of a program that was killed ends by itself within this. */
const PATIENCE_MS = 10_000;
const LOOK_AGAIN_MS = 100;

export class DataTakenError extends Error {
  override readonly name = 'DataTakenError';
}

/** Waits for the storage of a program that was killed. @throws DataTakenError while another one lives */
export async function requireNoOwner(data: string, say: (line: string) => void): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  let hasSaid = false;
  while (await isOwned(data)) {
    if (!hasSaid) say('Waiting for an earlier start to end.');
    hasSaid = true;
    if (performance.now() > deadline) {
      throw new DataTakenError(
        `Another one runs over ${data}: stop it, or start in another folder. (If none does, delete ${join(data, NAME)}.)`,
      );
    }
    await after(LOOK_AGAIN_MS);
  }
}

export async function own(data: string, pid: number): Promise<void> {
  await writeFile(join(data, NAME), `${pid}\n`);
}

export async function disown(data: string): Promise<void> {
  await rm(join(data, NAME), { force: true });
}

async function isOwned(data: string): Promise<boolean> {
  const pid = Number(await readFile(join(data, NAME), 'utf8').catch(() => ''));
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    // Signal 0 only asks whether there is such a process.
    return process.kill(pid, 0);
  } catch (error) {
    // Another user's process is one, too.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
