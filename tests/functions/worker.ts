import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Call, Called, Loaded, Terminate } from './worker-process.ts';

const PROCESS = fileURLToPath(new URL('worker-process.ts', import.meta.url));

/** Longer than any test file takes, so that nothing is left behind where one is cut. */
const DEADLINE_MS = 300_000;

/** A built Functions app, loaded in a process of its own. */
export interface Worker extends Loaded {
  /** Calls a function; a throw of it is thrown here. */
  call(
    name: string,
    triggerMetadata: Call['triggerMetadata'],
    more?: Partial<Pick<Call, 'input' | 'invocationId' | 'traceParent'>>,
  ): Promise<void>;
  /** Ends it as the host does, and waits until it has ended. */
  terminate(): Promise<void>;
  close(): Promise<void>;
}

/**
 * @param main the file that package.json of the app names
 * @param settings the app's, and all of its environment but the path
 */
export async function startWorker(main: string, settings: Readonly<Record<string, string>>): Promise<Worker> {
  const child = fork(PROCESS, [main], {
    cwd: dirname(main),
    env: { PATH: process.env.PATH, ...settings },
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    timeout: DEADLINE_MS,
    killSignal: 'SIGKILL',
  });
  const ended = once(child, 'exit');
  const open = new Map<string, (called: Called) => void>();
  // The first thing it says is what it loaded.
  const [loaded] = (await Promise.race([once(child, 'message'), ended.then(() => [null])])) as [
    Loaded | null,
  ];
  if (loaded === null) throw new Error('the app ended while it was loaded');
  // A test that fails before it closes this shall not keep jest from ending, which ends the child, too.
  child.unref();
  child.channel?.unref();
  child.on('message', (called: Called) => {
    open.get(called.invocationId)?.(called);
    open.delete(called.invocationId);
  });
  return {
    ...loaded,
    async call(name, triggerMetadata, { invocationId = randomUUID(), ...more } = {}) {
      const answered = new Promise<Called>((resolve) => open.set(invocationId, resolve));
      child.send({ invocationId, name, triggerMetadata, ...more } satisfies Call);
      const called = await Promise.race([answered, ended.then(() => null)]);
      if (called === null) throw new Error('the app ended while a function ran');
      if (called.error !== null) throw new Error(called.error);
    },
    async terminate() {
      child.send({ terminate: true } satisfies Terminate);
      await ended;
    },
    async close() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
