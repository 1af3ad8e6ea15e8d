import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../azurite.ts';
import { describeUnless } from '../lacking.ts';
import { until } from '../until.ts';

const START = fileURLToPath(new URL('../../containerapp/gateway/start.sh', import.meta.url));
const DEADLINE_MS = 120_000;
const CHECK_MS = 10_000;

/** Debian has nginx where only root's PATH looks. */
const PATH = `${process.env.PATH}:/usr/sbin`;

/** Whether this machine has what the gateway's image has. */
const isHere = ['nginx -v', 'envsubst --version'].every(
  (command) => spawnSync('sh', ['-c', command], { env: { PATH } }).status === 0,
);

/** Tests of the gateway as nginx runs it. */
export const describeWithNginx = describeUnless(isHere ? null : 'needs nginx and envsubst');

export type GatewaySettings = Readonly<Record<string, string>>;

export interface Gateway {
  /** Where it can be reached, without a slash at the end. */
  readonly address: string;
  readonly port: number;
  /** All it has said so far. */
  output(): string;
  close(): Promise<void>;
}

export interface Checked {
  readonly code: number | null;
  /** Of start.sh and of nginx, which says what it thinks of the configuration. */
  readonly output: string;
  /** What start.sh wrote; empty where it wrote none. */
  readonly configuration: string;
}

/** Runs start.sh with `-t`. */
export function checkGateway(settings: GatewaySettings = {}): Checked {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-'));
  const log = openSync(join(folder, 'output'), 'a');
  const { status } = spawnSync('sh', [START, '-t'], {
    env: { PATH, TMPDIR: folder, ...settings },
    stdio: ['ignore', log, log],
    timeout: CHECK_MS,
  });
  closeSync(log);
  const written = join(folder, 'nginx.conf');
  const checked = {
    code: status,
    output: readFileSync(join(folder, 'output'), 'utf8'),
    configuration: existsSync(written) ? readFileSync(written, 'utf8') : '',
  };
  rmSync(folder, { recursive: true });
  return checked;
}

/** Asks a resolver for names that is not the machine's. */
const WITH_RESOLVER = `
sh "$0" -t
sed -i "s/resolver .* valid/resolver $1 valid/" "$TMPDIR/nginx.conf"
exec nginx -e stderr -c "$TMPDIR/nginx.conf"
`;

/**
 * A real nginx with the gateway's own configuration, in front of a server on this machine.
 * @param resolver that looks names up, with its port; the machine's where there is none
 */
export async function startGateway(
  api: string,
  settings: GatewaySettings = {},
  resolver?: string,
): Promise<Gateway> {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-'));
  // Started by root, nginx works as somebody else.
  chmodSync(folder, 0o755);
  const port = await freePort();
  // It opens its standard output by name, which only a file allows.
  const said = join(folder, 'output');
  const log = openSync(said, 'a');
  // Its deadline holds also when whoever started it is killed.
  const command = resolver === undefined ? [START] : ['-ec', WITH_RESOLVER, START, resolver];
  const child = spawn('timeout', [`${DEADLINE_MS / 1000}`, 'sh', ...command], {
    env: { PATH, TMPDIR: folder, PORT: `${port}`, API: new URL(api).host, ...settings },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const ended = once(child, 'exit');
  const address = `http://127.0.0.1:${port}`;
  const output = () => readFileSync(said, 'utf8');
  await until('the gateway answers', async () => {
    if (child.exitCode !== null) throw new Error(`the gateway ended:\n${output()}`);
    return fetch(address).then(
      (answer) => answer.ok,
      () => false,
    );
  });
  return {
    address,
    port,
    output,
    async close() {
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, maxRetries: 5 });
    },
  };
}
