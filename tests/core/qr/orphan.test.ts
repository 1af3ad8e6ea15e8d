import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from '@jest/globals';
import { until } from '../../until.ts';

const SPINS = new URL('process-that-spins.ts', import.meta.url).href;
const PARENT = fileURLToPath(new URL('parent-that-is-killed.ts', import.meta.url));

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

test('a process that is stuck in a loop ends by itself when its parent was killed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'qr-'));
  folders.push(folder);
  const file = join(folder, 'pid');
  // The parent's own flags go on to the process that renders.
  const parent = spawn(process.execPath, [...process.execArgv, '--import', SPINS, `--title=${file}`, PARENT]);
  const spinning = Number(
    await until('its process spins', () =>
      readFile(file, 'utf8').then(
        (pid) => pid || null,
        () => null,
      ),
    ),
  );
  expect(isAlive(spinning)).toBe(true);
  parent.kill('SIGKILL');
  await once(parent, 'exit');
  await until('its process ends', () => !isAlive(spinning));
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
