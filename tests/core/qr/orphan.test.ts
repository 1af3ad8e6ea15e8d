import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from '@jest/globals';

const SPINS = new URL('process-that-spins.ts', import.meta.url).href;
const PARENT = fileURLToPath(new URL('parent-that-is-killed.ts', import.meta.url));

/** Ample for two processes to start on a machine that is busy, and for the life of the second. */
const DEADLINE_MS = 30_000;

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

test('a process that is stuck in a loop ends by itself when its parent was killed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'qr-'));
  folders.push(folder);
  const file = join(folder, 'pid');
  // The parent's own flags go on to the process that renders.
  const parent = spawn(process.execPath, [...process.execArgv, '--import', SPINS, `--title=${file}`, PARENT]);
  const spinning = Number(await until(() => readFile(file, 'utf8').catch(() => null)));
  expect(isAlive(spinning)).toBe(true);
  parent.kill('SIGKILL');
  await once(parent, 'exit');
  expect(await until(() => (isAlive(spinning) ? null : 'ended'))).toBe('ended');
}, 70_000);

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function until<T>(look: () => T | null | Promise<T | null>): Promise<T> {
  const deadline = performance.now() + DEADLINE_MS;
  while (performance.now() < deadline) {
    const seen = await look();
    if (seen) return seen;
    await after(20);
  }
  throw new Error('it did not happen in time');
}
