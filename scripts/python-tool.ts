import { type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where tools lie that only the build server and maintainers need: in the user's cache, not among the packages of the project. */
const CACHE = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'prompt-generator');

export interface PythonTool {
  /** Its own folder, where it may leave what it finds. */
  readonly folder: string;
  /** The path of one of its commands. */
  command(name: string): string;
}

/**
 * Installs a package from PyPI, once for each version.
 * @throws Error when there is no Python, or the package cannot be had
 */
export async function pythonTool(name: string, version: string): Promise<PythonTool> {
  const folder = join(CACHE, `${name}-${version}`);
  const isWindows = process.platform === 'win32';
  const bin = join(folder, isWindows ? 'Scripts' : 'bin');
  const mark = join(folder, 'installed');
  if (!existsSync(mark)) {
    await required(isWindows ? 'python' : 'python3', ['-m', 'venv', '--clear', folder]);
    const install = ['install', '--quiet', '--disable-pip-version-check', `${name}==${version}`];
    await required(join(bin, 'pip'), install);
    // Written last: an install that was cut short is made again.
    await writeFile(mark, '');
  }
  return { folder, command: (command) => join(bin, command) };
}

/** @returns the exit code; 1 where a signal ended it */
export async function run(
  command: string,
  args: readonly string[],
  options: SpawnOptions = {},
): Promise<number> {
  const [code] = await once(spawn(command, args, { stdio: 'inherit', ...options }), 'exit');
  return code ?? 1;
}

/** @throws Error when it ends with anything but 0 */
export async function required(
  command: string,
  args: readonly string[],
  options: SpawnOptions = {},
): Promise<void> {
  const code = await run(command, args, options);
  if (code !== 0) throw new Error(`${command} ended with ${code}`);
}
