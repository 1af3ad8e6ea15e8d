import { RestError } from '@azure/storage-blob';
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { describeImage } from '../../../../core/describe/describe-image.ts';
import { FailedError } from '../../../../core/errors.ts';
import {
  type FolderOptions,
  writeFolderMetadata,
} from '../../../../core/housekeeping/folders/folder-metadata.ts';
import { promptName } from '../../../../core/store/names.ts';
import { photo } from '../../../fixtures/images/photo.ts';
import { House, over } from '../swept.ts';

const NOTHING = {
  ...{ folders: 0, foldersWritten: 0, foldersCleared: 0, foldersForeign: 0 },
  ...{ foldersFailed: 0, failedFolders: [] },
};
const FILE = 'a/metadata.jsonl';

let house: House;
let jpeg: Buffer;
beforeAll(async () => {
  jpeg = await photo({ width: 64, height: 64 });
});
beforeEach(() => {
  house = new House();
});

const keep = (options: Partial<FolderOptions> = {}) =>
  writeFolderMetadata({
    ...{ blobs: house.blobs, clock: house.clock, signal: new AbortController().signal },
    ...{ prefix: '', captions: { defaultTarget: 'plain', midjourneyVersion: '7' }, ...options },
  });

async function describeAll(...names: readonly string[]): Promise<void> {
  const settings = await house.settings();
  for (const name of names) {
    await house.drop(name, jpeg);
    const signal = new AbortController().signal;
    await describeImage({ container: 'images', name }, house.blobs, settings, { signal });
  }
}

async function textOf(name: string): Promise<string | null> {
  const blob = await house.blobs.read(name, { maxBytes: 1e6 });
  return blob && Buffer.from(blob.bytes ?? []).toString();
}

async function linesOf(name = FILE): Promise<{ file_name: string; text: string; etag: string }[]> {
  const lines = ((await textOf(name)) ?? '').split('\n');
  expect(lines.pop()).toBe('');
  return lines.map((line) => JSON.parse(line));
}

/** The container, and the names of the prompts and files that are read in it. */
function watched() {
  const reads: string[] = [];
  const blobs = over(house.blobs, {
    async read(name, options) {
      reads.push(name);
      return house.blobs.read(name, options);
    },
  });
  return { reads, blobs };
}

describe('a folder with prompts', () => {
  test('gets a line for each image, in the order of their names', async () => {
    await describeAll('a/dog.jpg', 'a/cat.jpg', 'a/b/bird.jpg', 'fish.jpg');
    expect(await keep()).toEqual({ ...NOTHING, folders: 3, foldersWritten: 3 });
    const { prompt } = JSON.parse((await textOf(promptName('a/cat.jpg'))) ?? '');
    const etag = async (name: string) => (await house.blobs.head(promptName(name)))?.etag;
    expect(await linesOf()).toEqual([
      { file_name: 'cat.jpg', text: prompt, etag: await etag('a/cat.jpg') },
      { file_name: 'dog.jpg', text: prompt, etag: await etag('a/dog.jpg') },
    ]);
    expect(await linesOf('a/b/metadata.jsonl')).toMatchObject([{ file_name: 'bird.jpg' }]);
    expect(await linesOf('metadata.jsonl')).toMatchObject([{ file_name: 'fish.jpg' }]);
  });

  test('costs nothing, and is not written, while nothing changes', async () => {
    await describeAll('a/cat.jpg');
    await keep();
    const before = await house.blobs.head(FILE);
    const { reads, blobs } = watched();
    expect(await keep({ blobs })).toEqual({ ...NOTHING, folders: 1 });
    expect(reads).toEqual([]);
    expect(await house.blobs.head(FILE)).toEqual(before);
  });

  test('has only the prompts read that are new', async () => {
    await describeAll('a/cat.jpg', 'a/dog.jpg');
    await keep();
    await describeAll('a/eel.jpg');
    await house.drop(promptName('a/dog.jpg'), Buffer.from('{"prompt":"my\\n dog"}'));
    const { reads, blobs } = watched();
    expect(await keep({ blobs })).toMatchObject({ foldersWritten: 1 });
    expect(reads.toSorted()).toEqual([promptName('a/dog.jpg'), promptName('a/eel.jpg'), FILE].toSorted());
    expect((await linesOf()).map((line) => line.file_name)).toEqual(['cat.jpg', 'dog.jpg', 'eel.jpg']);
    // A prompt that a person edited counts, on one line.
    expect((await linesOf())[1]?.text).toBe('my dog');
  });

  test.each(['no JSON', '[]', '{"prompt":7}', '{"prompt":" "}'])(
    'has no line of a prompt that a person made %s',
    async (text) => {
      await describeAll('a/cat.jpg');
      await house.drop('a/dog.jpg');
      await house.drop(promptName('a/dog.jpg'), Buffer.from(text));
      await keep();
      expect(await linesOf()).toMatchObject([{ file_name: 'cat.jpg' }]);
      expect(await keep()).toMatchObject({ foldersWritten: 0 });
    },
  );

  test('loses the line of an image that is gone, and the file with the last of them', async () => {
    await describeAll('a/cat.jpg', 'a/dog.jpg');
    await keep();
    await house.blobs.remove('a/cat.jpg');
    expect(await keep()).toMatchObject({ foldersWritten: 1 });
    expect(await linesOf()).toMatchObject([{ file_name: 'dog.jpg' }]);
    await house.blobs.remove('a/dog.jpg');
    expect(await keep()).toEqual({ ...NOTHING, folders: 1, foldersCleared: 1 });
    expect(await textOf(FILE)).toBeNull();
    expect(await keep()).toEqual(NOTHING);
  });
});

describe('a metadata.jsonl of a person', () => {
  const mine = Buffer.from('{"file_name":"cat.jpg","text":"mine"}\n');

  test.each([
    ['before ours', async () => {}],
    ['in the place of ours', () => keep()],
  ])('stays, written %s', async (_, first) => {
    await describeAll('a/cat.jpg');
    await first();
    await house.drop(FILE, mine);
    await describeAll('a/dog.jpg');
    expect(await keep()).toEqual({ ...NOTHING, folders: 1, foldersForeign: 1 });
    for (const name of ['a/cat.jpg', 'a/dog.jpg']) await house.blobs.remove(name);
    expect(await keep()).toEqual({ ...NOTHING, folders: 1, foldersForeign: 1 });
    expect(await textOf(FILE)).toBe(`${mine}`);
  });

  test.each([
    ['none', async () => {}],
    ['ours', () => keep()],
  ])('stays when it comes after the listing, which had %s', async (_, first) => {
    await describeAll('a/cat.jpg');
    await first();
    await describeAll('a/dog.jpg');
    const blobs = over(house.blobs, {
      async write(name, bytes, options) {
        await house.drop(FILE, mine);
        return house.blobs.write(name, bytes, options);
      },
    });
    expect(await keep({ blobs })).toEqual({ ...NOTHING, folders: 1 });
    expect(await textOf(FILE)).toBe(`${mine}`);
  });
});

test('a folder whose file cannot be written holds up no other, and is told', async () => {
  const folders = ['a', 'b', 'c', 'd', 'e', 'f'];
  await describeAll(...folders.map((folder) => `${folder}/cat.jpg`));
  const leased = new RestError('leased', { statusCode: 412, code: 'LeaseIdMissing' });
  const blobs = over(house.blobs, {
    async write(name, bytes, options) {
      if (!/^[ef]/.test(name)) throw new FailedError('storage-unavailable', { cause: leased });
      return house.blobs.write(name, bytes, options);
    },
  });
  expect(await keep({ blobs })).toEqual({
    ...{ ...NOTHING, folders: 6, foldersWritten: 2, foldersFailed: 4 },
    failedFolders: ['a/', 'b/', 'c/', 'd/'],
  });
  expect(await keep()).toEqual({ ...NOTHING, folders: 6, foldersWritten: 4 });
});

describe('a run that ends early', () => {
  test('by its signal ends between folders, and the next one goes on', async () => {
    await describeAll('a/cat.jpg', 'b/cat.jpg');
    const stop = new AbortController();
    const blobs = over(house.blobs, {
      async write(name, bytes, options) {
        stop.abort();
        return house.blobs.write(name, bytes, options);
      },
    });
    expect(await keep({ blobs, signal: stop.signal })).toEqual({ ...NOTHING, folders: 1, foldersWritten: 1 });
    expect(await keep()).toEqual({ ...NOTHING, folders: 2, foldersWritten: 1 });
    expect(await keep({ signal: AbortSignal.abort() })).toEqual(NOTHING);
  });

  test('by its signal within a folder keeps what it has read and what was known', async () => {
    const names = Array.from({ length: 40 }, (_, index) => `a/${index + 10}.jpg`);
    await describeAll(...names);
    await keep();
    const [first = ''] = await house.blobs
      .page({ size: 1 })
      .then(({ blobs }) => blobs.map(({ name }) => name));
    for (const name of names) await house.drop(promptName(name), Buffer.from('{"prompt":"mine"}'));
    const stop = new AbortController();
    let reads = 0;
    const blobs = over(house.blobs, {
      async read(name, options) {
        if (++reads === 20) stop.abort();
        return house.blobs.read(name, options);
      },
    });
    expect(first).toBe('a/10.jpg');
    expect(await keep({ blobs, signal: stop.signal })).toMatchObject({ foldersWritten: 1 });
    const cut = await linesOf();
    expect(cut).toHaveLength(40);
    expect(cut.filter(({ text }) => text === 'mine').length).toBeLessThan(40);
    const { reads: rest, blobs: next } = watched();
    expect(await keep({ blobs: next })).toMatchObject({ foldersWritten: 1 });
    expect(rest.length).toBeLessThan(40);
    expect((await linesOf()).filter(({ text }) => text === 'mine')).toHaveLength(40);
  });

  test('since storage fails again and again says so, and begins no further read', async () => {
    const images = Array.from({ length: 40 }, (_, index) => `${index}.jpg`);
    await describeAll(...images.map((image) => `a/${image}`), 'b/1.jpg', 'c/1.jpg', 'd/1.jpg');
    let reads = 0;
    const blobs = over(house.blobs, {
      async read() {
        reads++;
        throw new FailedError('storage-unavailable');
      },
    });
    await expect(keep({ blobs })).rejects.toThrow('storage-unavailable');
    expect(reads).toBeLessThan(40);
    expect(await textOf(FILE)).toBeNull();
  });
});
