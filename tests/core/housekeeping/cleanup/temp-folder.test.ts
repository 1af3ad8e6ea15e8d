import { mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { removeTemporary, TEMP_FOLDER } from '../../../../core/housekeeping/cleanup/temp-folder.ts';
import { House } from '../swept.ts';

const NOW = Date.UTC(2026, 0, 10);
const DAY_MS = 24 * 60 * 60_000;

let shared: string;
let path: string;
beforeEach(async () => {
  shared = await mkdtemp(join(tmpdir(), 'temp-folder-test-'));
  path = join(shared, TEMP_FOLDER);
  await mkdir(path);
});
afterEach(async () => {
  jest.restoreAllMocks();
  await rm(shared, { recursive: true, force: true });
});

async function age(file: string, ms: number): Promise<void> {
  const seconds = (NOW - ms) / 1_000;
  await utimes(file, seconds, seconds);
}

async function file(name: string, ms: number, folder = path): Promise<void> {
  await writeFile(join(folder, name), 'x');
  await age(join(folder, name), ms);
}

const remove = (isDry = false, { signal = new AbortController().signal, from = path } = {}) =>
  removeTemporary({ path: from, clock: { now: () => NOW }, signal, isDry });

test('only files of our folder that are older than a day go', async () => {
  await file('old.tmp', 2 * DAY_MS);
  await file('new.tmp', DAY_MS);
  await file('notes.txt', 30 * DAY_MS);
  expect(await remove(true)).toEqual(['old.tmp']);
  expect(await readdir(path)).toHaveLength(3);
  expect(await remove()).toEqual(['old.tmp']);
  expect((await readdir(path)).sort()).toEqual(['new.tmp', 'notes.txt']);
});

test('a folder in it stays with all that is in it, however old it is', async () => {
  await mkdir(join(path, 'work.tmp'));
  await file('work.tmp/mine.tmp', 30 * DAY_MS);
  await age(join(path, 'work.tmp'), 30 * DAY_MS);
  expect(await remove()).toEqual([]);
  expect(await readdir(join(path, 'work.tmp'))).toEqual(['mine.tmp']);
});

test('a link stays, and what it leads to', async () => {
  await file('photo.jpg', 30 * DAY_MS, shared);
  await symlink(join(shared, 'photo.jpg'), join(path, 'link.tmp'));
  // A link's own age is that of its making.
  const later = { now: () => Date.now() + 2 * DAY_MS };
  const signal = new AbortController().signal;
  expect(await removeTemporary({ path, clock: later, signal, isDry: false })).toEqual([]);
  expect(await readdir(path)).toEqual(['link.tmp']);
  expect(await readdir(shared)).toContain('photo.jpg');
});

test('where our folder is a link, nothing goes', async () => {
  const theirs = join(shared, 'theirs');
  await mkdir(theirs);
  await file('old.tmp', 2 * DAY_MS, theirs);
  await symlink(theirs, join(shared, 'link'));
  expect(await remove(false, { from: join(shared, 'link') })).toEqual([]);
  expect(await readdir(theirs)).toEqual(['old.tmp']);
});

/** Windows has no user ids. */
const testWithUsers = process.getuid === undefined ? test.skip : test;

testWithUsers("where our folder is another user's, nothing goes", async () => {
  await file('old.tmp', 2 * DAY_MS);
  jest.spyOn(process, 'getuid').mockReturnValue(4_000_000);
  expect(await remove()).toEqual([]);
  expect(await readdir(path)).toEqual(['old.tmp']);
});

test('a folder that is not there holds nothing', async () => {
  await rm(path, { recursive: true });
  expect(await remove()).toEqual([]);
});

test('nothing goes any more once the run is stopped', async () => {
  await file('old.tmp', 2 * DAY_MS);
  expect(await remove(false, { signal: AbortSignal.abort() })).toEqual([]);
  expect(await readdir(path)).toEqual(['old.tmp']);
});

test('a run looks nowhere else in the folder of the system: an unpacked repository stays', async () => {
  const house = new House();
  const work = join(shared, 'prompt-generator-main');
  await mkdir(join(work, 'src'), { recursive: true });
  await writeFile(join(work, 'src', 'my-work.ts'), 'precious');
  const old = (house.clock.now() - 2 * DAY_MS) / 1_000;
  await writeFile(join(path, 'old.tmp'), 'x');
  for (const each of [work, join(path, 'old.tmp')]) await utimes(each, old, old);
  expect(await house.housekeep({}, { tempFolder: shared })).toMatchObject({ temporaryRemoved: 1 });
  expect(await readdir(join(work, 'src'))).toEqual(['my-work.ts']);
  expect(await readdir(path)).toEqual([]);
});
