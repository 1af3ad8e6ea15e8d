import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { type Lockfile, lockedWith } from '../../scripts/lockfile.ts';

async function readLockfile(folder: string): Promise<Lockfile> {
  return JSON.parse(await readFile(new URL(`../../${folder}package-lock.json`, import.meta.url), 'utf8'));
}

describe.each(['', 'scripts/node/'])('%spackage-lock.json', (folder) => {
  test('has what every package needs on every platform, as npm ci demands', async () => {
    const lockfile = await readLockfile(folder);
    const { dependencies, devDependencies, optionalDependencies } = lockfile.packages[''] ?? {};
    const all = { ...dependencies, ...devDependencies, ...optionalDependencies };
    expect(() => lockedWith(lockfile, { dependencies: all })).not.toThrow();
  });

  test('names each package by its hash, and no registry', async () => {
    const { '': _root, ...packages } = (await readLockfile(folder)).packages;
    for (const [path, entry] of Object.entries(packages)) {
      expect({ path, ...entry }).toEqual(
        expect.objectContaining({ integrity: expect.stringMatching(/^sha512-/) }),
      );
      expect({ path, ...entry }).not.toHaveProperty('resolved');
    }
  });
});

describe('lockedWith', () => {
  const lockfile: Lockfile = {
    lockfileVersion: 3,
    packages: {
      '': { dependencies: { a: '1', c: '1' } },
      'node_modules/a': { version: '1.0.0', dependencies: { b: '1' }, optionalDependencies: { '@s/d': '1' } },
      'node_modules/a/node_modules/b': { version: '1.0.0', dependencies: { c: '1' } },
      'node_modules/b': { version: '2.0.0' },
      'node_modules/c': { version: '1.0.0', dependencies: { a: '1' } },
      'node_modules/@s/d': { version: '1.0.0' },
      'node_modules/e': { version: '1.0.0' },
    },
  };

  test('takes a package and all it needs, each from where Node would find it', () => {
    const { '': root, ...packages } = lockedWith(lockfile, { dependencies: { a: '1.0.0' } }).packages;
    expect(root).toEqual({ dependencies: { a: '1.0.0' } });
    expect(Object.keys(packages).sort()).toEqual([
      'node_modules/@s/d',
      'node_modules/a',
      'node_modules/a/node_modules/b',
      'node_modules/c',
    ]);
    expect(packages['node_modules/a']).toBe(lockfile.packages['node_modules/a']);
  });

  test('refuses a package that the lockfile does not name', () => {
    expect(() => lockedWith(lockfile, { dependencies: { f: '1.0.0' } })).toThrow('no f');
  });
});
