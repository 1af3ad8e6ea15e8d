import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Folder, listFolders } from '../../../../core/housekeeping/folders/folders.ts';
import { folderOf, metadataName, promptName } from '../../../../core/store/names.ts';
import { writePrompt } from '../../../../core/store/prompts.ts';
import { House, inPages, PROMPT_LABELS } from '../swept.ts';

const signal = new AbortController().signal;

async function foldersOf(house: House, prefix = '', size = 5_000) {
  const folders: Folder[] = [];
  for await (const folder of listFolders(inPages(house.blobs, size), { prefix, signal }))
    folders.push(folder);
  return folders.map(({ path, prompts, metadata }) => ({
    path,
    files: prompts.map(({ file }) => file),
    metadata: metadata !== null,
  }));
}

async function describeAs(house: House, name: string, sourceEtag?: string): Promise<void> {
  const etag = await house.drop(name);
  const labels = { ...PROMPT_LABELS, sourceEtag: sourceEtag ?? etag };
  await writePrompt(house.blobs, name, {}, labels, { condition: 'new' });
}

test('a folder has the images that lie in it, also those behind a folder inside it', async () => {
  const house = new House();
  for (const name of ['a/a.jpg', 'a/b/1.jpg', 'a/c.jpg', 'z.jpg', 'a.jpg']) await describeAs(house, name);
  expect(await foldersOf(house)).toEqual([
    { path: 'a/b/', files: ['1.jpg'], metadata: false },
    { path: 'a/', files: ['a.jpg', 'c.jpg'], metadata: false },
    { path: '', files: ['a.jpg', 'z.jpg'], metadata: false },
  ]);
});

test('a folder has only images whose prompt is of what they show now, or a person’s', async () => {
  const house = new House();
  await describeAs(house, 'done.jpg');
  await describeAs(house, 'stale.jpg', 'before');
  await house.drop('none.jpg');
  await house.drop('edited.jpg');
  await house.drop(promptName('edited.jpg'));
  await house.drop(promptName('gone.jpg'));
  expect(await foldersOf(house)).toEqual([{ path: '', files: ['done.jpg', 'edited.jpg'], metadata: false }]);
});

test.each([
  ['in/', ['in/', 'in/deep/']],
  ['in/de', ['in/deep/']],
  ['meta', []],
])('under the prefix %s are those that it does not cut in two', async (prefix, paths) => {
  const house = new House();
  for (const name of ['in/cat.jpg', 'in/dog.jpg', 'in/deep/1.jpg', 'metacat.jpg'])
    await describeAs(house, name);
  await house.drop('metadata.jsonl');
  expect((await foldersOf(house, prefix)).map(({ path }) => path).toSorted()).toEqual(paths);
});

test('folders of any names, in pages of any size, are those that the names make', async () => {
  const name = fc.stringMatching(/^[a.\-/]{0,4}$/).map((stem) => `x${stem}.jpg`);
  const names = fc.uniqueArray(
    fc.oneof(
      name,
      name.map((image) => metadataName(folderOf(image))),
    ),
    { maxLength: 8 },
  );
  const usable = names.filter((all) =>
    all.every((one) => !one.split('/').some((part) => /^\.{1,2}$/.test(part))),
  );
  await fc.assert(
    fc.asyncProperty(usable, fc.integer({ min: 1, max: 9 }), async (all, size) => {
      const house = new House();
      for (const one of all) await (one.endsWith('.jpg') ? describeAs(house, one) : house.drop(one));
      const found = await foldersOf(house, '', size);
      const paths = [...new Set(all.map(folderOf))].toSorted();
      expect(
        found
          .toSorted((a, b) => (a.path < b.path ? -1 : 1))
          .map(({ files, ...rest }) => ({ ...rest, files: files.toSorted() })),
      ).toEqual(
        paths.map((path) => ({
          path,
          metadata: all.includes(metadataName(path)),
          files: all
            .filter((one) => folderOf(one) === path && one.endsWith('.jpg'))
            .map((one) => one.slice(path.length))
            .toSorted(),
        })),
      );
    }),
    { numRuns: 300 },
  );
});
