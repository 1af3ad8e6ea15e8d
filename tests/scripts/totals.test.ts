import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

let folder: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'totals-')));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** What is printed of two runs of jest over these files. */
async function totalsOf(files: Readonly<Record<string, string>>): Promise<string> {
  const results = join(folder, 'results');
  await mkdir(results);
  for (const [name, code] of Object.entries(files)) await writeFile(join(folder, name), code);
  const jest = [join(ROOT, 'node_modules/jest/bin/jest.js'), '--rootDir', folder, '--config', '{}'];
  await run(process.execPath, [...jest, '--json', '--outputFile', join(results, 'one.json')], {
    timeout: 50_000,
  }).catch(
    // That tests fail is what some of these are about.
    () => {},
  );
  // Another run of the same build.
  await copyFile(join(results, 'one.json'), join(results, 'two.json'));
  return (await run(process.execPath, [join(ROOT, '.ci/totals.mjs'), results])).stdout;
}

test('a build server is told how many tests passed', async () => {
  expect(await totalsOf({ 'a.test.js': 'test("a", () => {}); test("b", () => {});' })).toBe(
    '4 passed, 0 failed\n',
  );
});

test('a build server is told of tests that fail, of files that do not load, and of what was left out', async () => {
  const files = {
    'a.test.js': 'test("a", () => {}); test("b", () => { throw new Error("b"); });',
    'b.test.js': 'require("./nothing");',
    'c.test.js': 'test.skip("c", () => {}); test.todo("d");',
  };
  expect(await totalsOf(files)).toBe('2 passed, 4 failed, 4 skipped\n');
});

test('a build server is told nothing where no test ran', async () => {
  expect((await run(process.execPath, [join(ROOT, '.ci/totals.mjs'), folder])).stdout).toBe('');
});
