import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Answered, Asked } from './network-process.ts';

const PROCESS = fileURLToPath(new URL('network-process.ts', import.meta.url));
const DEADLINE_MS = 300_000;

/** A network that nothing else on this machine is in, so that every port of it is free. */
export interface Network {
  /** What a command begins with that is to run in it. */
  readonly enter: readonly string[];
  /** Asks over HTTP from within. */
  ask(
    url: string,
    options?: {
      readonly method?: string;
      readonly headers?: Record<string, string>;
      readonly body?: Uint8Array;
    },
  ): Promise<Answered>;
  close(): Promise<void>;
}

/** @param names that stand for this network in its DNS */
export async function createNetwork(names: readonly string[]): Promise<Network> {
  const inside = 'ip link set lo up && exec "$@"';
  const node = [process.execPath, '--disable-warning=ExperimentalWarning', PROCESS, names.join(',')];
  const child = spawn('unshare', ['--net', 'sh', '-c', inside, 'sh', ...node], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    timeout: DEADLINE_MS,
    killSignal: 'SIGKILL',
  });
  const ended = once(child, 'exit');
  const waiting = new Map<number, (answered: Answered) => void>();
  const { promise: ready, resolve } = Promise.withResolvers<void>();
  child.on('message', (message: 'ready' | Answered) => {
    if (message === 'ready') return resolve();
    waiting.get(message.id)?.(message);
    waiting.delete(message.id);
  });
  await Promise.race([
    ready,
    ended.then(() => {
      throw new Error('there is no network of its own');
    }),
  ]);
  let asked = 0;
  return {
    enter: ['nsenter', `--net=/proc/${child.pid}/ns/net`],
    ask: (url, { method = 'GET', headers = {}, body } = {}) =>
      new Promise((answer) => {
        const id = asked++;
        waiting.set(id, answer);
        child.send({
          id,
          url,
          method,
          headers,
          body: body ? Buffer.from(body).toString('base64') : null,
        } satisfies Asked);
      }),
    async close() {
      child.disconnect();
      await ended;
    },
  };
}
