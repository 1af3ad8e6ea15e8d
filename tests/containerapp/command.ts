import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../containerapp/main.ts', import.meta.url));
const DEADLINE_MS = 120_000;

/** A command of the container that runs in a process of its own. */
export interface RunningCommand {
  /** All it has said so far, on both streams. */
  output(): string;
  /** Waits until it has said it. @returns what it said @throws Error when it ends without */
  says(pattern: RegExp): Promise<RegExpExecArray>;
  kill(signal: NodeJS.Signals): void;
  /** The exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>;
}

interface CommandOptions {
  readonly settings: Readonly<Record<string, string>>;
  /** A module that the process loads first. */
  readonly preload?: string;
  /** Another program: the bundle, say. */
  readonly main?: string;
}

/** Starts it with nothing of our environment. It is killed when it takes longer than two minutes. */
export function startCommand(
  args: readonly string[],
  { settings, preload, main = MAIN }: CommandOptions,
): RunningCommand {
  const imports = preload ? ['--import', `data:text/javascript,${encodeURIComponent(preload)}`] : [];
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', ...imports, main, ...args],
    {
      env: { PATH: process.env.PATH, ...settings },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: DEADLINE_MS,
      killSignal: 'SIGKILL',
    },
  );
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
    output: () => output,
    kill: (signal) => child.kill(signal),
    ended,
    async says(pattern) {
      for (;;) {
        const said = pattern.exec(output);
        if (said) return said;
        const more = new Promise<string>((resolve) => {
          heard = () => resolve('more');
        });
        if ((await Promise.race([more, over])) === 'over' && !pattern.test(output)) {
          throw new Error(`it never said ${pattern}:\n${output}`);
        }
      }
    },
  };
}

/** What the process loads first, so that it gets the signal while it loads the module whose address ends so. */
export function signalWhileLoading(signal: NodeJS.Signals, module: string): string {
  return `
    import { registerHooks } from 'node:module';
    registerHooks({
      load(url, context, next) {
        if (url.endsWith('${module}')) process.kill(process.pid, '${signal}');
        return next(url, context);
      },
    });
  `;
}
