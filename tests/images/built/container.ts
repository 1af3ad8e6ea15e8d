import { type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../until.ts';
import type { Image } from './buildah.ts';

/** Some outlive a test, beside others that are being started. */
const LIFE_MS = 600_000;

/**
 * The image's file system, read-only but for a small /tmp, as the image's user, without a capability and without a way to get
 * one: what compose.yaml asks of Docker. Limits of memory and processes are not set.
 */
const ISOLATE = `
set -e
root=$1 size=$2 files=$3
shift 3
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount -t tmpfs -o "size=$size,mode=1777,noexec,nosuid,nodev" tmpfs "$root/tmp"
mount --bind "$files/hosts" "$root/etc/hosts"
mount --bind "$files/resolv.conf" "$root/etc/resolv.conf"
mount -o remount,bind,ro "$root"
exec "$@"
`;

export interface Container {
  /** All it has said so far, on both streams. */
  output(): string;
  says(pattern: RegExp): Promise<void>;
  /** Runs the image's health check. @returns its exit code */
  checkHealth(): Promise<number | null>;
  /** Memory that its process holds, in bytes. */
  rss(): Promise<number>;
  kill(signal: NodeJS.Signals): void;
  /** The exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>;
}

export interface ContainerOptions {
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** What the command is run by, to be in another network. */
  readonly enter?: readonly string[];
  /** Names of its own network, for /etc/hosts. */
  readonly hosts?: readonly string[];
  readonly tmpfsBytes?: number;
}

/** Its process is the very child, so that a signal reaches it as PID 1 of a container would be reached. */
export async function startContainer(image: Image, options: ContainerOptions = {}): Promise<Container> {
  const { command, environment = {}, enter = [], hosts = [], tmpfsBytes = 134_217_728 } = options;
  const { config, root } = image;
  const files = mkdtempSync(join(tmpdir(), 'container-'));
  writeFileSync(join(files, 'hosts'), `127.0.0.1 localhost ${hosts.join(' ')}\n`);
  writeFileSync(join(files, 'resolv.conf'), 'nameserver 127.0.0.1\n');
  const said = join(files, 'output');
  await writeFile(said, '');
  // Its user opens it by name, as /dev/stdout.
  await Promise.all([chmod(files, 0o755), chmod(said, 0o666)]);
  await Promise.all(['proc', 'dev', 'tmp'].map((folder) => mkdir(join(root, folder), { recursive: true })));
  for (const file of ['hosts', 'resolv.conf']) closeSync(openSync(join(root, 'etc', file), 'a'));
  const asUser = [
    'setpriv',
    '--no-new-privs',
    '--inh-caps=-all',
    '--bounding-set=-all,+sys_chroot,+setuid,+setgid',
  ];
  const inRoot = ['chroot', `--userspec=${config.User}`, '--groups=', root];
  const inFolder = ['/bin/sh', '-c', 'cd "$0" && exec "$@"', config.WorkingDir];
  const program = [...config.Entrypoint, ...(command ?? config.Cmd ?? [])];
  const log = openSync(said, 'a');
  const own: SpawnOptions = {
    env: { ...Object.fromEntries(config.Env.map((pair) => pair.split(/=(.*)/s))), ...environment },
    stdio: ['ignore', log, log],
    timeout: LIFE_MS,
    killSignal: 'SIGKILL',
  };
  const isolate = ['unshare', '--mount', 'sh', '-c', ISOLATE, 'sh', root, `${tmpfsBytes}`, files];
  const [first = '', ...rest] = [...enter, ...isolate, ...asUser, ...inRoot, ...inFolder, ...program];
  const child = spawn(first, rest, own);
  let last: string | undefined;
  const output = () => last ?? readFileSync(said, 'utf8');
  const ended = once(child, 'exit').then(([code]) => {
    last = output();
    closeSync(log);
    rmSync(files, { recursive: true });
    return code as number | null;
  });
  return {
    output,
    ended,
    kill: (signal) => child.kill(signal),
    async says(pattern) {
      await until(`it says ${pattern}`, async () => {
        if (pattern.test(output())) return true;
        if (child.exitCode !== null) throw new Error(`it never said ${pattern}:\n${output()}`);
        return false;
      });
    },
    async checkHealth() {
      const [kind, ...check] = config.Healthcheck.Test;
      if (kind !== 'CMD') throw new Error(`${kind} is not known here`);
      const there = ['--target', `${child.pid}`, '--mount', '--net'];
      const args = [...there, ...asUser, ...inRoot, ...inFolder, ...check];
      const run = spawn('nsenter', args, { ...own, stdio: 'ignore', timeout: 10_000 });
      const [code] = await once(run, 'exit');
      return code as number | null;
    },
    async rss() {
      const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
      return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1_024;
    },
  };
}
