import { mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { removeTemporary, TEMP_PREFIX } from '../../../../core/housekeeping/cleanup/temp-folder.ts';

const NOW = Date.UTC(2026, 0, 10);
const DAY_MS = 24 * 60 * 60_000;

let path: string;
beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'temp-folder-test-'));
});
afterEach(() => rm(path, { recursive: true, force: true }));

const age = async (name: string, ms: number) => {
  const seconds = (NOW - ms) / 1_000;
  await utimes(join(path, name), seconds, seconds);
};

async function file(name: string, ms: number): Promise<void> {
  await writeFile(join(path, name), 'x');
  await age(name, ms);
}

const remove = (isDry = false, signal = new AbortController().signal) =>
  removeTemporary({ path, clock: { now: () => NOW }, signal, isDry });

test('only what is named as ours and older than a day goes, folders with all that is in them', async () => {
  await file(`${TEMP_PREFIX}old`, 2 * DAY_MS);
  await file(`${TEMP_PREFIX}new`, DAY_MS);
  await file('someone-elses', 30 * DAY_MS);
  await mkdir(join(path, `${TEMP_PREFIX}folder`));
  await file(`${TEMP_PREFIX}folder/inside`, 0);
  await age(`${TEMP_PREFIX}folder`, 2 * DAY_MS);
  expect(await remove(true)).toHaveLength(2);
  expect(await readdir(path)).toHaveLength(4);
  expect((await remove()).sort()).toEqual([`${TEMP_PREFIX}folder`, `${TEMP_PREFIX}old`]);
  expect((await readdir(path)).sort()).toEqual([`${TEMP_PREFIX}new`, 'someone-elses']);
});

test('a link goes, and not what it leads to', async () => {
  await mkdir(join(path, 'kept'));
  await file('kept/photo.jpg', 30 * DAY_MS);
  await symlink(join(path, 'kept'), join(path, `${TEMP_PREFIX}link`));
  // A link's own age is that of its making.
  const later = { now: () => Date.now() + 2 * DAY_MS };
  const signal = new AbortController().signal;
  expect(await removeTemporary({ path, clock: later, signal, isDry: false })).toEqual([`${TEMP_PREFIX}link`]);
  expect(await readdir(join(path, 'kept'))).toEqual(['photo.jpg']);
});

test('a folder that is not there holds nothing', async () => {
  await rm(path, { recursive: true });
  expect(await remove()).toEqual([]);
});

test('nothing goes any more once the run is stopped', async () => {
  await file(`${TEMP_PREFIX}old`, 2 * DAY_MS);
  expect(await remove(false, AbortSignal.abort())).toEqual([]);
  expect(await readdir(path)).toEqual([`${TEMP_PREFIX}old`]);
});
