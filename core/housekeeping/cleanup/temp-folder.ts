import { lstat, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../clock.ts';

/**
 * The folder of ours in the one that all programs share for what is temporary. Nothing that is cloned, or unpacked from an
 * archive of a repository, gets a name with such an ending.
 */
export const TEMP_FOLDER = 'prompt-generator.temp';
const ENDING = '.tmp';

/** Longer than anything takes that needs a file. */
const KEPT_MS = 24 * 60 * 60_000;

export interface TempFolder {
  /** An absolute path. */
  readonly path: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly signal: AbortSignal;
  /** Nothing is removed then. */
  readonly isDry: boolean;
}

/**
 * Removes the files of our temporary folder that have not been changed for a day. Whatever might be a person's stays: other
 * names, links, folders and all that is in them; and everything where the folder itself is a link or another user's. What
 * cannot be looked at or removed stays, too: no run fails for it.
 * @returns the names of what was, or would be, removed
 */
export async function removeTemporary(folder: TempFolder): Promise<string[]> {
  const { path, clock, signal, isDry } = folder;
  const removed: string[] = [];
  if (!(await isOurFolder(path))) return removed;
  const names = await readdir(path).catch(() => []);
  for (const name of names.filter((each) => each.endsWith(ENDING))) {
    if (signal.aborted) break;
    const file = join(path, name);
    try {
      const found = await lstat(file);
      if (!found.isFile() || clock.now() - found.mtimeMs <= KEPT_MS) continue;
      if (!isDry) await unlink(file);
      removed.push(name);
    } catch {
      // Gone meanwhile, or not ours to remove.
    }
  }
  return removed;
}

/** In a folder that everybody writes to, everybody may make one of this name. Windows knows no user ids: there each has a folder. */
async function isOurFolder(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => null);
  if (!found?.isDirectory()) return false;
  return process.getuid === undefined || found.uid === process.getuid();
}
