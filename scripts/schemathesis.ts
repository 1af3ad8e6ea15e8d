import { type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startTarget } from '../tests/schemathesis/server.ts';

/**
 * Tries the API by its own OpenAPI document: schemathesis makes up requests, right and wrong ones, and checks each answer
 * against the document. It is Python, so it lies in the user's cache, not among the packages of the project.
 */

const VERSION = '4.32.5';
const CONFIG = fileURLToPath(new URL('../tests/schemathesis/schemathesis.toml', import.meta.url));
const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
const venv = join(cache, 'prompt-generator', `schemathesis-${VERSION}`);
const bin = join(venv, process.platform === 'win32' ? 'Scripts' : 'bin');
const schemathesis = join(bin, 'schemathesis');

if (!existsSync(schemathesis)) {
  const install = ['install', '--quiet', '--disable-pip-version-check', `schemathesis==${VERSION}`];
  await required('python3', ['-m', 'venv', '--clear', venv]);
  await required(join(bin, 'pip'), install);
}
const target = await startTarget();
try {
  const options = ['--config-file', CONFIG, 'run', ...process.argv.slice(2)];
  process.exitCode = await run(schemathesis, [...options, `${target.address}/api/openapi.json`], {
    // It leaves what it found in the folder it is started in.
    cwd: venv,
    env: { ...process.env, API_KEY: target.key },
  });
} finally {
  await target.close();
}

/** @returns the exit code; 1 where a signal ended it */
async function run(command: string, args: readonly string[], options: SpawnOptions = {}): Promise<number> {
  const [code] = await once(spawn(command, args, { ...options, stdio: 'inherit' }), 'exit');
  return code ?? 1;
}

async function required(command: string, args: readonly string[]): Promise<void> {
  const code = await run(command, args);
  if (code !== 0) throw new Error(`${command} ended with ${code}`);
}
