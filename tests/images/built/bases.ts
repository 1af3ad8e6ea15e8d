import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { buildah, hasImage } from './buildah.ts';

/**
 * What images are built on where no registry is reachable: Debian's packages, of the release that the Dockerfiles name, with
 * this machine's Node and npm, or with Debian's nginx.
 */

const DEBIAN = 'localhost/stand-in-debian:12';
const NODE = `localhost/stand-in-nodejs:${process.versions.node}`;
const NGINX = 'localhost/stand-in-nginx:12';

const REGISTRY = 'https://registry-1.docker.io/v2/';
const REGISTRY_MS = 3_000;
const DEBIAN_MS = 240_000;

/** As Debian's slim image leaves out. */
const LEFT_OUT = ['doc', 'info', 'locale', 'man'].map(
  (folder) => `--dpkgopt=path-exclude=/usr/share/${folder}/*`,
);

/** @returns the build arguments that choose the bases; none where those of the Dockerfiles can be had */
export async function chooseBases(): Promise<Readonly<Record<string, string>>> {
  const isReachable = await fetch(REGISTRY, { signal: AbortSignal.timeout(REGISTRY_MS) }).then(
    // It wants a token.
    ({ status }) => status === 401,
    () => false,
  );
  if (isReachable) return {};
  if (!(await hasImage(DEBIAN))) await makeDebian(DEBIAN, []);
  if (!(await hasImage(NGINX))) await makeDebian(NGINX, ['nginx-light', 'gettext-base', 'wget']);
  if (!(await hasImage(NODE))) await makeNode();
  return { NODE_IMAGE: NODE, RUNTIME_IMAGE: DEBIAN, NGINX_IMAGE: NGINX };
}

async function makeDebian(tag: string, packages: readonly string[]): Promise<void> {
  await inFolder(async (folder) => {
    const tar = join(folder, 'base.tar');
    const args = [
      '--variant=minbase',
      ...LEFT_OUT,
      `--include=${['ca-certificates', ...packages].join(',')}`,
    ];
    await promisify(execFile)(
      'mmdebstrap',
      ['--quiet', ...args, 'bookworm', tar, 'http://deb.debian.org/debian'],
      {
        timeout: DEBIAN_MS,
      },
    );
    await commit(tag, [[tar, '/']]);
  });
}

async function makeNode(): Promise<void> {
  await inFolder(async (folder) => {
    const { stdout } = await promisify(execFile)('sh', ['-c', 'readlink -f "$(command -v npm)"']);
    // Behind the command is npm/bin/npm-cli.js.
    const npm = dirname(dirname(stdout.trim()));
    await cp(process.execPath, join(folder, 'bin/node'));
    await cp(join(dirname(process.execPath), '../LICENSE'), join(folder, 'LICENSE'));
    await symlink('../lib/node_modules/npm/bin/npm-cli.js', join(folder, 'bin/npm'));
    await cp(npm, join(folder, 'lib/node_modules/npm'), { recursive: true });
    await commit(NODE, [[folder, '/usr/local']], DEBIAN);
  });
}

async function commit(
  tag: string,
  files: readonly (readonly [string, string])[],
  base = 'scratch',
): Promise<void> {
  const container = await buildah('from', '--pull-never', base);
  for (const [source, target] of files) await buildah('add', '--quiet', container, source, target);
  await buildah('commit', '--quiet', '--rm', container, tag);
}

async function inFolder(make: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'base-'));
  try {
    await make(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
