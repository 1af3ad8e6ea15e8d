import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { disown, own } from './data-owner.ts';

export interface AzuritePorts {
  readonly blob: number;
  readonly queue: number;
  readonly table: number;
}

export interface Azurite {
  readonly connectionString: string;
  /** Aborts when it ended although nobody closed it. */
  readonly lost: AbortSignal;
  close(): Promise<void>;
}

/** The key of the emulator's only account; it is published and protects nothing. */
const KEY = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

const START_DEADLINE_MS = 30_000;
const CLOSE_DEADLINE_MS = 10_000;

/** Starts Azurite, the storage emulator, and waits until its three services listen. */
export async function startAzurite(options: {
  readonly ports: AzuritePorts;
  /** Folder that keeps the data, or `memory`. */
  readonly data: string | 'memory';
}): Promise<Azurite> {
  const { blob, queue, table } = options.ports;
  const isKept = options.data !== 'memory';
  // Before there is a process that would have to be ended.
  if (isKept) await mkdir(options.data, { recursive: true });
  const child = spawn(
    process.execPath,
    [
      // On Node 22 the flags by which this process runs TypeScript.
      ...[...process.execArgv, fileURLToPath(new URL('./azurite-process.ts', import.meta.url))],
      ...['--blobPort', `${blob}`, '--queuePort', `${queue}`, '--tablePort', `${table}`],
      ...(options.data === 'memory' ? ['--inMemoryPersistence'] : ['--location', options.data]),
      ...['--silent', '--disableTelemetry', '--skipApiVersionCheck'],
    ],
    {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // Ctrl-C goes to the whole process group; the storage must outlive what still writes into it.
      detached: process.platform !== 'win32',
      windowsHide: true,
    },
  );
  if (isKept && child.pid !== undefined) await own(options.data, child.pid);
  await listening(child);
  child.unref();
  const lost = new AbortController();
  const lose = () => lost.abort();
  child.once('exit', lose);
  return {
    connectionString: connectionString(options.ports),
    lost: lost.signal,
    async close() {
      child.off('exit', lose);
      if (child.exitCode !== null || child.signalCode !== null) return;
      const kill = setTimeout(() => child.kill('SIGKILL'), CLOSE_DEADLINE_MS);
      child.ref();
      child.disconnect();
      await once(child, 'exit');
      clearTimeout(kill);
      if (isKept) await disown(options.data);
    },
  };
}

async function listening(child: ChildProcess): Promise<void> {
  let said = '';
  let late: NodeJS.Timeout | undefined;
  await new Promise<void>((resolve, reject) => {
    const hear = (text: string) => {
      said += text;
      if (said.match(/successfully listen/g)?.length === 3) resolve();
    };
    child.stdout?.setEncoding('utf8').on('data', hear);
    child.stderr?.setEncoding('utf8').on('data', hear);
    child.once('exit', (code) =>
      reject(new Error(`Azurite ended with code ${code} before it listened:\n${said}`)),
    );
    late = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`Azurite did not listen within ${START_DEADLINE_MS / 1000} s:\n${said}`));
    }, START_DEADLINE_MS);
  }).finally(() => clearTimeout(late));
  // From here on nobody reads what it says, but a full pipe would stop it.
  child.stdout?.removeAllListeners('data').resume();
  child.stderr?.removeAllListeners('data').resume();
}

function connectionString({ blob, queue, table }: AzuritePorts): string {
  const address = (port: number) => `http://127.0.0.1:${port}/devstoreaccount1`;
  return [
    'DefaultEndpointsProtocol=http;AccountName=devstoreaccount1',
    `AccountKey=${KEY}`,
    `BlobEndpoint=${address(blob)};QueueEndpoint=${address(queue)};TableEndpoint=${address(table)};`,
  ].join(';');
}
