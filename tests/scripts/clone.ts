import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const DEADLINE_MS = 25_000;

/** The Node that runs the tests, since the one on the PATH may be too old, and no network for npm. */
const OFFLINE = {
  ...process.env,
  PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
  npm_config_offline: 'true',
};

interface Ended {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly output: string;
  /** Of that, what may be piped on. */
  readonly stdout: string;
}

interface Running {
  readonly child: ChildProcess;
  /** Waits until the output has this text; throws when it ends without. */
  says(text: string): Promise<void>;
  readonly ended: Promise<Ended>;
}

export interface Clone {
  readonly folder: string;
  write(file: string, content: string): Promise<void>;
  /** Starts a command in a process group of its own, without a network for npm. */
  start(command: string, args: readonly string[], env?: Readonly<Record<string, string>>): Running;
  /** Ends what still runs, and deletes the folder. */
  delete(): Promise<void>;
}

/**
 * A small package as a fresh clone has it: the project's own scripts, a stand-in for its program, and a lockfile that
 * names one package, which is a folder of it, so that installing needs no network.
 * @param program what stands in for containerapp/local/main.ts
 */
export async function makeClone(program: string): Promise<Clone> {
  const folder = await mkdtemp(join(tmpdir(), 'clone-'));
  const children: ChildProcess[] = [];
  const write = async (file: string, content: string) => {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), content);
  };
  const { scripts } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
  await cp(join(ROOT, 'scripts'), join(folder, 'scripts'), {
    recursive: true,
    filter: (source) => !source.endsWith('node_modules'),
  });
  await write('containerapp/local/main.ts', program);
  await write('dependency/package.json', JSON.stringify({ name: 'dependency', version: '1.0.0' }));
  await write(
    'package.json',
    JSON.stringify({
      name: 'clone',
      version: '1.0.0',
      type: 'module',
      scripts,
      devDependencies: { dependency: 'file:dependency' },
    }),
  );
  const args = ['install', '--package-lock-only', '--offline', '--no-audit', '--no-fund'];
  await promisify(execFile)('npm', args, { cwd: folder, env: OFFLINE, timeout: DEADLINE_MS });
  return {
    folder,
    write,
    start: (command, words, env = {}) => {
      const running = start(folder, command, words, env);
      children.push(running.child);
      return running;
    },
    async delete() {
      for (const child of children) endGroup(child);
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function start(
  folder: string,
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Running {
  const child = spawn(command, args, {
    cwd: folder,
    env: { ...OFFLINE, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  let stdout = '';
  let heard = () => {};
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      heard();
    });
  }
  child.stdout.on('data', (text: string) => {
    stdout += text;
  });
  const deadline = setTimeout(() => endGroup(child), DEADLINE_MS);
  const ended = once(child, 'close').then(([code]): Ended => {
    clearTimeout(deadline);
    return { code, output, stdout };
  });
  return {
    child,
    ended,
    async says(text) {
      const over = ended.then(() => 'over');
      while (!output.includes(text)) {
        const more = new Promise<string>((resolve) => {
          heard = () => resolve('more');
        });
        if ((await Promise.race([more, over])) === 'over')
          throw new Error(`it never said ${text}:\n${output}`);
      }
    },
  };
}

function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Nothing of the group is left.
  }
}
