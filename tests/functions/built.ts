import { execFile, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Call, Called, Loaded, Terminate } from './host.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const HOST = fileURLToPath(new URL('host.ts', import.meta.url));

export const BUILD_DEADLINE_MS = 90_000;
export const CHILD_DEADLINE_MS = 60_000;

/** Makes both bundles and puts them far from every node_modules but their own. @returns the folder they are in */
export async function build(): Promise<string> {
  const out = await mkdtemp(join(tmpdir(), 'build-'));
  await promisify(execFile)(process.execPath, ['scripts/run.mjs', 'build', out], {
    cwd: ROOT,
    timeout: BUILD_DEADLINE_MS,
  });
  const built = await mkdtemp(join(tmpdir(), 'deployed-'));
  await cp(out, built, { recursive: true });
  await rm(out, { recursive: true });
  return built;
}

/** The Functions bundle, loaded as the worker loads it, in a process of its own. */
export interface BuiltApp {
  readonly loaded: Loaded;
  /** Calls a function; a throw of it is thrown here. */
  call(name: string, triggerMetadata: Call['triggerMetadata'], options?: CallOptions): Promise<void>;
  /** Sends a request as the host does with streaming: the invocation on one way, the request itself on another. */
  request(path: string, init?: RequestInit, options?: Pick<CallOptions, 'traceParent'>): Promise<Response>;
  /** Ends it as the host does, and waits until it has ended. */
  terminate(): Promise<void>;
  kill(): void;
}

interface CallOptions {
  readonly input?: string;
  readonly traceParent?: string;
  readonly invocationId?: string;
}

/** It is killed when it takes longer than a minute. */
export async function startBuiltApp(
  built: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<BuiltApp> {
  const host = fork(HOST, [join(built, 'functions/main.mjs')], {
    cwd: built,
    env,
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    timeout: CHILD_DEADLINE_MS,
    killSignal: 'SIGKILL',
  });
  const exited = once(host, 'exit');
  // The first thing it says is what it loaded; an end before that fails the test.
  const [loaded] = (await Promise.race([once(host, 'message'), exited])) as [Loaded];

  const call: BuiltApp['call'] = async (name, triggerMetadata, options = {}) => {
    const { invocationId = randomUUID(), ...given } = options;
    const answered = new Promise<Called>((resolve, reject) => {
      const end = () => reject(new Error('the host ended'));
      host.once('exit', end);
      host.on('message', function hear(message: Called) {
        if (message.invocationId !== invocationId) return;
        host.off('message', hear);
        host.off('exit', end);
        resolve(message);
      });
    });
    host.send({ invocationId, name, triggerMetadata, ...given } satisfies Call);
    const { error } = await answered;
    if (error !== null) throw new Error(error);
  };

  return {
    loaded,
    call,
    async request(path, init = {}, options = {}) {
      const invocationId = randomUUID();
      const headers = {
        'x-ms-invocation-id': invocationId,
        'x-forwarded-host': 'app.example',
        'x-forwarded-proto': 'https',
      };
      const [answer] = await Promise.all([
        fetch(new URL(path, loaded.httpUri), { ...init, headers }),
        call('api', { Headers: { json: JSON.stringify(init.headers ?? {}) } }, { invocationId, ...options }),
      ]);
      return answer;
    },
    async terminate() {
      host.send({ terminate: true } satisfies Terminate);
      await exited;
    },
    kill: () => host.kill('SIGKILL'),
  };
}
