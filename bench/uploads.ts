import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { setTimeout as after } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../tests/azurite.ts';

export interface Uploads {
  /** How many answers each status had. */
  readonly statuses: Readonly<Record<number, number>>;
  /** From sending to the end of the answer, in milliseconds, of those that were described. */
  readonly latencies: readonly number[];
  /** The most memory the server ever had, in MiB; null where the system does not tell. */
  readonly peakMemory: number | null;
}

const MAIN = fileURLToPath(new URL('../dist/containerapp/main.mjs', import.meta.url));
const START_MS = 30_000;
const POLL_MS = 50;

/** Posts one photo many times at once to the built server, in a process of its own. */
export async function timeUploads(photo: Uint8Array, storage: string, count: number): Promise<Uploads> {
  const port = await freePort();
  const server = spawn(process.execPath, [MAIN, 'serve'], {
    // As in the container image: glibc gives each thread an arena of its own.
    env: { STORAGE: storage, PORT: `${port}`, LOG_LEVEL: 'warn', MALLOC_ARENA_MAX: '2' },
    stdio: 'inherit',
  });
  const address = `http://127.0.0.1:${port}`;
  try {
    await isUp(server, address);
    const latencies: number[] = [];
    const statuses: Record<number, number> = {};
    const post = async () => {
      const start = performance.now();
      const answer = await fetch(`${address}/api/prompts`, { method: 'POST', body: new Uint8Array(photo) });
      await answer.arrayBuffer();
      statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
      if (answer.ok) latencies.push(performance.now() - start);
    };
    await Promise.all(Array.from({ length: count }, post));
    return { statuses, latencies, peakMemory: await peakMemory(server.pid) };
  } finally {
    const ended = once(server, 'exit');
    server.kill('SIGTERM');
    await ended;
  }
}

async function isUp(server: ChildProcess, address: string): Promise<void> {
  const deadline = performance.now() + START_MS;
  while (performance.now() < deadline && server.exitCode === null) {
    const answer = await fetch(`${address}/api/live`).catch(() => null);
    if (answer?.ok) return;
    await after(POLL_MS);
  }
  throw new Error('the server does not answer');
}

async function peakMemory(pid: number | undefined): Promise<number | null> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kibibytes = status.match(/^VmHWM:\s+(\d+) kB$/m)?.[1];
  return kibibytes === undefined ? null : Number(kibibytes) / 1024;
}
