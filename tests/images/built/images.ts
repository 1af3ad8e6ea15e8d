import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { chooseBases } from './bases.ts';
import { buildah, hasImage, type Image, mountImage, openImage, removeOthers } from './buildah.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Put where secrets lie on a developer's machine, so that it shows whether any came along. */
export const SECRET = 'a-secret-that-no-image-may-hold';
const SECRET_FILES = [
  '.env',
  'containerapp/.env',
  'containerapp/gateway/.env',
  'local.settings.json',
  'core/.env.local',
];

/** Of npm on this machine, for a registry or a proxy that only it knows. */
const CERTIFICATES = process.env.NODE_EXTRA_CA_CERTS;

export type ImageName = 'prompt-generator' | 'prompt-generator-gateway';

/** Of each the Dockerfile, and all that it may read: what its ignore file lets in. */
const SOURCES = {
  'prompt-generator': {
    dockerfile: 'containerapp/Dockerfile',
    files: /^(core|containerapp|functions|scripts)\/|^(\.npmrc|LICENSE|[\w.-]+\.json)$/,
  },
  'prompt-generator-gateway': {
    dockerfile: 'containerapp/gateway/Dockerfile',
    files: /^containerapp\/gateway\//,
  },
} as const;

const known = new Map<ImageName, Promise<Image>>();

/** The image as a clean clone of these sources makes it; built once for all suites, and for as long as no source changes. */
export function builtImage(name: ImageName): Promise<Image> {
  const image = known.get(name) ?? makeImage(name);
  known.set(name, image);
  return image;
}

async function makeImage(name: ImageName): Promise<Image> {
  const files = await sources(name);
  const tag = await tagOf(name, files);
  if (!(await hasImage(tag))) {
    await removeOthers(`localhost/${name}:`, tag);
    await build(name, tag, files);
  }
  return openImage(tag);
}

/** Sizes of what an image holds, and of what its base does, in bytes. */
export async function sizesOf(name: ImageName): Promise<{ readonly total: number; readonly base: number }> {
  const bases = await chooseBases();
  const base = name === 'prompt-generator' ? bases.RUNTIME_IMAGE : bases.NGINX_IMAGE;
  const tag = await tagOf(name, await sources(name));
  return { total: await bytesOf(tag), base: base === undefined ? 0 : await bytesOf(base) };
}

async function bytesOf(tag: string): Promise<number> {
  const { stdout } = await promisify(execFile)('du', ['-sxb', await mountImage(tag)]);
  return Number.parseInt(stdout, 10);
}

/** What git has, or would take. */
async function sources(name: ImageName): Promise<readonly string[]> {
  const { stdout } = await promisify(execFile)('git', ['ls-files', '-co', '--exclude-standard', '-z'], {
    cwd: ROOT,
    maxBuffer: 16 * 1024 * 1024,
  });
  return stdout.split('\0').filter((file) => SOURCES[name].files.test(file) && existsSync(join(ROOT, file)));
}

async function tagOf(name: ImageName, files: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file}\0`).update(await readFile(join(ROOT, file)));
  return `localhost/${name}:${hash.digest('hex').slice(0, 12)}`;
}

async function build(name: ImageName, tag: string, files: readonly string[]): Promise<void> {
  const bases = Object.entries(await chooseBases());
  const folder = await mkdtemp(join(tmpdir(), 'clone-'));
  try {
    for (const file of files) await cp(join(ROOT, file), join(folder, 'clone', file), { recursive: true });
    for (const file of SECRET_FILES) {
      await mkdir(dirname(join(folder, 'clone', file)), { recursive: true });
      await writeFile(join(folder, 'clone', file), SECRET);
    }
    const { dockerfile } = SOURCES[name];
    await buildah(
      ...['build', '--quiet', '--isolation', 'chroot', '--format', 'docker', '--layers=false'],
      // npm opens more files at once than buildah allows by itself.
      ...['--ulimit', 'nofile=16384:16384'],
      ...(await npmOfThisMachine(folder)),
      // Before 1.29 a stage that only an argument names passed for unused.
      ...(bases.length === 0 ? ['--skip-unused-stages=false'] : []),
      ...bases.flatMap(([key, value]) => ['--build-arg', `${key}=${value}`]),
      ...['--ignorefile', join(folder, 'clone', `${dockerfile}.dockerignore`)],
      ...['--file', join(folder, 'clone', dockerfile), '--tag', tag, join(folder, 'clone')],
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What npm has fetched before, and how it reaches its registry. Nothing of it stays in an image. */
async function npmOfThisMachine(folder: string): Promise<readonly string[]> {
  const cache = join(homedir(), '.npm');
  await mkdir(cache, { recursive: true });
  const settings = join(folder, 'npmrc');
  const { stdout } = await promisify(execFile)('npm', ['config', 'get', 'registry']);
  const lines = [`registry=${stdout.trim()}`, 'prefer-offline=true'];
  await writeFile(settings, [...lines, ...(CERTIFICATES ? ['cafile=/run/certificates'] : [])].join('\n'));
  return [
    ...['--volume', `${settings}:/root/.npmrc:ro`, '--volume', `${cache}:/root/.npm`],
    ...(CERTIFICATES ? ['--volume', `${CERTIFICATES}:/run/certificates:ro`] : []),
  ];
}
