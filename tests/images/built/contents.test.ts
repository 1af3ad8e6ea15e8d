import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { VERSION } from '../../../core/version.ts';
import { closeImages, describeWithBuildah, type Image } from './buildah.ts';
import { builtImage, type ImageName, SECRET, sizesOf } from './images.ts';

const BUILD_MS = 600_000;
const MB = 1_000_000;

const IMAGES = [
  {
    name: 'prompt-generator',
    user: '10001:10001',
    folder: 'app',
    port: '8000/tcp',
    maxMb: 250,
    asks: '/api/live`',
  },
  {
    name: 'prompt-generator-gateway',
    user: '101:101',
    folder: 'gateway',
    port: '8080/tcp',
    maxMb: 1,
    asks: ':8080/',
  },
] as const satisfies readonly { readonly name: ImageName; readonly [key: string]: unknown }[];

/** Compilers, and package managers of languages. */
const UNWANTED = [
  ...['cc', 'gcc', 'g++', 'clang', 'make', 'python3', 'git'],
  ...['npm', 'npx', 'yarn', 'yarnpkg', 'pnpm', 'corepack'],
].flatMap((tool) => ['bin', 'usr/bin', 'usr/local/bin'].map((folder) => join(folder, tool)));

/** Where package managers keep what they fetched. */
const CACHES = [
  'root/.npm',
  'root/.cache',
  'tmp',
  'var/cache/apt/archives',
  'var/lib/apt/lists',
  'var/cache/apk',
];

for (const { name, user, folder, port, maxMb, asks } of IMAGES) {
  describeWithBuildah(`the image ${name}`, () => {
    let image: Image;
    beforeAll(async () => {
      image = await builtImage(name);
    }, BUILD_MS);
    afterAll(closeImages);

    test('runs as somebody who is not root, and owns nothing of it', async () => {
      expect(image.config.User).toBe(user);
      const [uid] = user.split(':').map(Number);
      for (const file of await filesOf(join(image.root, folder))) {
        const { uid: owner, mode } = await stat(file);
        expect({ file, owner, isWritable: (mode & 0o022) !== 0 }).toEqual({
          file,
          owner: 0,
          isWritable: false,
        });
        expect(owner).not.toBe(uid);
      }
    });

    test('has no compiler, no package manager and nothing that one of them left', async () => {
      const found = await Promise.all(UNWANTED.map((path) => isThere(join(image.root, path))));
      expect(UNWANTED.filter((_path, i) => found[i])).toEqual([]);
      for (const cache of CACHES) {
        const left = await filesOf(join(image.root, cache)).catch(() => []);
        expect(left.filter((file) => !file.endsWith('/lock'))).toEqual([]);
      }
      expect(await isThere(join(image.root, 'src'))).toBe(false);
    });

    test('has no secret, no source map and no TypeScript', async () => {
      const files = await filesOf(join(image.root, folder));
      expect(files.length).toBeGreaterThan(5);
      expect(files.filter((file) => /\.map$|(?<!\.d)\.ts$|\.env|local\.settings\.json$/.test(file))).toEqual(
        [],
      );
      for (const file of files)
        expect([file, (await readFile(file)).includes(SECRET)]).toEqual([file, false]);
      expect(JSON.stringify(image.config)).not.toContain(SECRET);
    });

    test('says what it is, and how to tell whether it works', () => {
      const { Labels, ExposedPorts, Healthcheck } = image.config;
      expect(Labels).toMatchObject({
        'org.opencontainers.image.title': expect.any(String),
        'org.opencontainers.image.licenses': 'MIT',
        'org.opencontainers.image.version': VERSION,
        'org.opencontainers.image.revision': 'unknown',
      });
      expect(Object.keys(ExposedPorts)).toContain(port);
      expect(Healthcheck.Test.join(' ')).toContain(asks);
    });

    if (name === 'prompt-generator')
      test('hands on the licences of all that is in it', async () => {
        const textOf = (path: string) => readFile(join(image.root, path), 'utf8');
        expect(await textOf('app/LICENSE')).toContain('MIT License');
        expect(await textOf('usr/local/share/doc/node/LICENSE')).toContain('Node.js is licensed');
        expect(await textOf('app/THIRD-PARTY-NOTICES')).toMatch(/^@img.*^hono \d/ms);
      });

    test('is small', async () => {
      const { total, base } = await sizesOf(name);
      const [all, own] = [total, total - base].map((bytes) => Math.round(bytes / MB));
      console.info(`${name}: ${all} MB, of which ${own} MB are not its base`);
      expect(own).toBeLessThanOrEqual(maxMb);
    });
  });
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
