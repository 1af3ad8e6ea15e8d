import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface VisionService {
  readonly endpoint: string;
  readonly key: string;
  close(): Promise<void>;
}

const START_DEADLINE_MS = 20_000;

/** Starts the fake service in a process of its own. It answers at once, so that all that is left is our own work. */
export async function startVision(): Promise<VisionService> {
  const child = fork(fileURLToPath(new URL('./vision-process.ts', import.meta.url)));
  const [{ endpoint, key }] = await once(child, 'message', {
    signal: AbortSignal.timeout(START_DEADLINE_MS),
  });
  return {
    endpoint,
    key,
    async close() {
      const exited = once(child, 'exit');
      child.disconnect();
      await exited;
    },
  };
}
