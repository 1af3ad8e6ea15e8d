import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../clock.ts';

/** What this program calls its files in the folder that all programs share for what is temporary. */
export const TEMP_PREFIX = 'prompt-generator-';

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
 * Removes what is named as ours in a folder and has not been changed for a day. A link goes, and not what it leads to.
 * What cannot be looked at or removed, since it is another user's, say, stays: no run fails for it.
 * @returns the names of what was, or would be, removed
 */
export async function removeTemporary(folder: TempFolder): Promise<string[]> {
  const { path, clock, signal, isDry } = folder;
  const removed: string[] = [];
  const names = await readdir(path).catch(() => []);
  for (const name of names.filter((each) => each.startsWith(TEMP_PREFIX))) {
    if (signal.aborted) break;
    const file = join(path, name);
    try {
      const { mtimeMs } = await lstat(file);
      if (clock.now() - mtimeMs <= KEPT_MS) continue;
      if (!isDry) await rm(file, { recursive: true });
      removed.push(name);
    } catch {
      // Gone meanwhile, or not ours to remove.
    }
  }
  return removed;
}
