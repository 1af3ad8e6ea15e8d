import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { runChild } from './child.mjs';

/** Development packages whatever NODE_ENV says, since local mode needs one. */
const WITH_ALL = ['--include=dev', '--include=optional'];

/** Standard output is the task's, which may be piped on: what npm says goes to standard error. */
const BESIDE_OUTPUT = /** @type {import('node:child_process').StdioOptions} */ (['inherit', 2, 2]);

/** Set-up cannot go on. The message is for the person who typed the command. */
export class SetupError extends Error {
  /** @override */
  name = 'SetupError';
}

/**
 * Installs what the lockfile of a package names, unless it is there.
 * @param {string} folder of the package
 * @param {string} node the Node to install with: npm leaves optional packages out whose engines it does not satisfy
 */
export async function ensureInstalled(folder, node) {
  if (await isInstalled(folder)) return;
  console.error('Installing packages …');
  await npmCi(folder, node, WITH_ALL);
  if (!(await isInstalled(folder)))
    throw new SetupError('npm ci ended well, but packages of package-lock.json are missing.');
}

/**
 * Installs what the lockfile of a package names, and nothing else.
 * @param {string} folder of the package
 * @param {string} node
 * @param {readonly string[]} extra
 */
export async function npmCi(folder, node, extra = []) {
  const args = ['ci', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', ...extra];
  const cli = process.env.npm_execpath;
  const options = { cwd: folder, stdio: BESIDE_OUTPUT };
  const code =
    cli !== undefined && basename(cli) === 'npm-cli.js'
      ? await runChild(node, [cli, ...args], options)
      : // npm is a batch file on Windows, which only a shell runs.
        await runChild('npm', args, { ...options, shell: process.platform === 'win32' });
  if (code !== 0)
    throw new SetupError(`npm ci failed with code ${code}; run the command again to repeat it.`);
}

/**
 * npm writes what it installed into node_modules when all of it is there, so an install that was cut short shows. Optional
 * packages are for other platforms, or in what npm wrote.
 * @param {string} folder
 */
async function isInstalled(folder) {
  const wanted = await packagesOf(join(folder, 'package-lock.json'));
  const found = await packagesOf(join(folder, 'node_modules', '.package-lock.json')).catch(() => null);
  if (!found) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    const there = found[path];
    if (!there) return entry.optional === true || entry.devOptional === true;
    return there.version === entry.version && there.integrity === entry.integrity;
  });
}

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, devOptional?: boolean }} LockEntry
 * @param {string} lockfile
 * @returns {Promise<Record<string, LockEntry>>} by path
 */
async function packagesOf(lockfile) {
  return JSON.parse(await readFile(lockfile, 'utf8')).packages;
}
