import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { freePort } from './azurite.ts';
import { AMPLE_MS } from './until.ts';

const MAIN = fileURLToPath(new URL('../containerapp/local/main.ts', import.meta.url));

export const PORT_SETTINGS = [
  'PORT',
  'AZURITE_BLOB_PORT',
  'AZURITE_QUEUE_PORT',
  'AZURITE_TABLE_PORT',
] as const;
export type Ports = Record<(typeof PORT_SETTINGS)[number], string>;

export async function freePorts(): Promise<Ports> {
  const [PORT, AZURITE_BLOB_PORT, AZURITE_QUEUE_PORT, AZURITE_TABLE_PORT] = [
    `${await freePort()}`,
    `${await freePort()}`,
    `${await freePort()}`,
    `${await freePort()}`,
  ];
  return { PORT, AZURITE_BLOB_PORT, AZURITE_QUEUE_PORT, AZURITE_TABLE_PORT };
}

export interface LocalMode {
  readonly pid: number;
  /** All it has said so far, on both streams. */
  output(): string;
  /** Waits until the output matches, and gives the match; kills the program when that takes too long. */
  says(pattern: RegExp): Promise<RegExpMatchArray>;
  kill(signal: NodeJS.Signals): void;
  /** The exit code. */
  readonly ended: Promise<number | null>;
}

/** The program as `npm start` runs it, in a folder of its own, with nothing of our environment. */
export function startLocalMode(
  folder: string,
  settings: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): LocalMode {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, MALLOC_ARENA_MAX: '2', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let heard = () => {};
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      heard();
    });
  }
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const over = ended.then(() => 'over');
  return {
    pid: child.pid ?? 0,
    output: () => output,
    kill: (signal) => child.kill(signal),
    ended,
    async says(pattern) {
      const timer = setTimeout(() => child.kill('SIGKILL'), AMPLE_MS);
      try {
        for (;;) {
          const match = output.match(pattern);
          if (match) return match;
          const more = new Promise<string>((resolve) => {
            heard = () => resolve('more');
          });
          if ((await Promise.race([more, over])) === 'over') {
            throw new Error(`it never said ${pattern}:\n${output}`);
          }
        }
      } finally {
        clearTimeout(timer);
      }
    },
  };
}
