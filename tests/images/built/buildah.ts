import { execFile, spawnSync } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';
import { describeUnless } from '../../lacking.ts';

/** Kept between runs: bases take a minute to make. */
const CACHE = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'prompt-generator-images');

/** Neither a daemon nor namespaces are needed: a build also works inside another container. */
const STORAGE = [
  '--root',
  join(CACHE, 'storage'),
  '--runroot',
  join(CACHE, 'run'),
  '--storage-driver',
  'vfs',
];
const DEADLINE_MS = 240_000;

const NEEDED = ['buildah', 'mmdebstrap', 'unshare', 'nsenter', 'setpriv', 'chroot', 'ip'];

const missing = NEEDED.filter((tool) => spawnSync('sh', ['-c', `command -v ${tool}`]).status !== 0);
const isRoot = process.getuid?.() === 0;
const lack = missing.length > 0 ? `needs ${missing.join(', ')}` : isRoot ? null : 'needs root';

/** Tests of images that are built. */
export const describeWithBuildah = describeUnless(lack);

export async function buildah(...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('buildah', [...STORAGE, ...args], {
    timeout: DEADLINE_MS,
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout.trim();
}

export async function hasImage(tag: string): Promise<boolean> {
  return (await buildah('images', '--quiet', '--filter', `reference=${tag}`)) !== '';
}

const inspected = z.object({
  Docker: z.object({
    config: z.object({
      User: z.string(),
      Env: z.array(z.string()),
      Entrypoint: z.array(z.string()),
      Cmd: z.array(z.string()).nullable(),
      WorkingDir: z.string(),
      StopSignal: z.string().optional(),
      Labels: z.record(z.string(), z.string()),
      ExposedPorts: z.record(z.string(), z.unknown()),
      Healthcheck: z.object({ Test: z.array(z.string()) }),
    }),
  }),
});
type ImageConfig = z.infer<typeof inspected>['Docker']['config'];

export interface Image {
  /** Folder of its file system, which lasts as long as the storage. */
  readonly root: string;
  readonly config: ImageConfig;
}

/** An image whose file system can be looked at and run, until `closeImages`. */
export async function openImage(tag: string): Promise<Image> {
  const root = await mountImage(tag);
  const { Docker } = inspected.parse(JSON.parse(await buildah('inspect', '--type', 'image', tag)));
  return { root, config: Docker.config };
}

const opened: string[] = [];

/** @returns the folder of its file system */
export async function mountImage(tag: string): Promise<string> {
  const container = await buildah('from', '--pull-never', tag);
  opened.push(container);
  return buildah('mount', container);
}

/** Each that is open has a copy of its image on disk. */
export async function closeImages(): Promise<void> {
  const open = opened.splice(0);
  if (open.length > 0) await buildah('rm', ...open);
}

const listed = z.array(z.object({ names: z.array(z.string()).nullish(), id: z.string() }));

/** Removes every image whose name begins so, except this one, and what a run that was cut short left open. */
export async function removeOthers(name: string, tag: string): Promise<void> {
  await buildah('rm', '--all');
  const images = listed.parse(JSON.parse(await buildah('images', '--json')));
  const old = images
    .flatMap(({ names }) => names ?? [])
    .filter((each) => each.startsWith(name) && each !== tag);
  for (const each of old) await buildah('rmi', each);
  await buildah('rmi', '--prune');
}
