import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface WorkerProcess {
  readonly pid: number;
  kill(signal: NodeJS.Signals): void;
  /** Resolves when it has ended, however that came. */
  readonly ended: Promise<void>;
  /** Kills it where it still runs. */
  close(): Promise<void>;
}

const CHILD = fileURLToPath(new URL('./child.ts', import.meta.url));
const DEADLINE_MS = 120_000;

/**
 * Starts a process that works on the queue these settings name, and that never outlives its deadline or this process.
 * @param concurrency messages at once; with one, what else comes meanwhile is another's
 */
export function startWorkerProcess(
  settings: Readonly<Record<string, string>>,
  { concurrency = 1, deadlineMs = DEADLINE_MS } = {},
): WorkerProcess {
  const child = fork(CHILD, [`${concurrency}`], {
    env: { PATH: process.env.PATH, MALLOC_ARENA_MAX: '2', ...settings },
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const late = setTimeout(() => child.kill('SIGKILL'), deadlineMs);
  const ended = once(child, 'exit').then(() => clearTimeout(late));
  return {
    pid: child.pid ?? 0,
    ended,
    kill: (signal) => child.kill(signal),
    async close() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
