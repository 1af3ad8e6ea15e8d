import { createHash } from 'node:crypto';
import { beforeEach, expect, test } from '@jest/globals';
import { FailedError, RefusedError } from '../../../../core/errors.ts';
import { feedName, imageLabel } from '../../../../core/feed/feed-name.ts';
import type { Feed } from '../../../../core/housekeeping/cleanup/keep-feed.ts';
import { promptName } from '../../../../core/store/names.ts';
import { writePrompt } from '../../../../core/store/prompts.ts';
import { MemoryBlobs } from '../../../memory/memory-blobs.ts';
import { House, inPages, over, PROMPT_LABELS } from '../swept.ts';

let house: House;
let entries: MemoryBlobs;
let mirrored: string[];
beforeEach(() => {
  house = new House();
  entries = new MemoryBlobs(house.clock, 'feed');
  mirrored = [];
});

async function writeEntry(
  image: string,
  promptetag: string,
  { name = feedName(image), container = house.blobs.container } = {},
): Promise<void> {
  const bytes = Buffer.from(image);
  const ours = createHash('md5').update(bytes).digest('base64');
  await entries.write(name, bytes, {
    ...{ contentType: 'application/json', condition: 'any' },
    metadata: { container, image: imageLabel(image), promptetag, ours },
  });
}

/** An image with its prompt. @returns the prompt's ETag */
async function describeImage(name: string): Promise<string> {
  const sourceEtag = await house.drop(name);
  await writePrompt(house.blobs, name, {}, { ...PROMPT_LABELS, sourceEtag }, { condition: 'any' });
  return promptEtag(name);
}

const promptEtag = async (image: string) => (await house.blobs.head(promptName(image)))?.etag ?? '';

const feed = (): Feed => ({
  blobs: inPages(entries, 2),
  async mirror(image) {
    mirrored.push(image);
    await writeEntry(image, await promptEtag(image));
    return true;
  },
});

const keep = (env: Readonly<Record<string, string>> = {}, others = {}) =>
  house.housekeep(env, { others: { feed: feed(), ...others } });

const names = async () => (await entries.page({ size: 1_000 })).blobs.map(({ name }) => name);

test('entries of ours whose image is gone go, all others stay', async () => {
  for (const image of ['in/there.jpg', '猫.jpg']) await writeEntry(image, await describeImage(image));
  await writeEntry('gone.jpg', 'x');
  await writeEntry('renamed.jpg', 'x', { name: 'someone-renamed-it.prompt.json' });
  await writeEntry('edited.jpg', 'x');
  await entries.write(feedName('edited.jpg'), Buffer.from('mine'), {
    ...{ contentType: 'application/json', condition: 'any' },
    metadata: { container: 'images', image: imageLabel('edited.jpg'), ours: 'not any more' },
  });
  await entries.write('note.txt', Buffer.from('x'), { contentType: 'text/plain', condition: 'new' });
  expect(await keep()).toMatchObject({ feedRemoved: 1, feedWritten: 0 });
  expect(await names()).toEqual(
    [
      ...[feedName('in/there.jpg'), feedName('猫.jpg'), feedName('edited.jpg')],
      ...['note.txt', 'someone-renamed-it.prompt.json'],
    ].sort(),
  );
});

test('an entry of an image outside of the prefix is left alone', async () => {
  await writeEntry('other/gone.jpg', 'x');
  await writeEntry('in/gone.jpg', 'x');
  expect(await keep({ IMAGES_PREFIX: 'in/' })).toMatchObject({ feedRemoved: 1 });
  expect(await names()).toEqual([feedName('other/gone.jpg')]);
});

test('the entry of an image that has no prompt any more goes', async () => {
  await writeEntry('spoilt.jpg', await describeImage('spoilt.jpg'));
  await writeEntry('kept.jpg', await describeImage('kept.jpg'));
  await house.blobs.remove(promptName('spoilt.jpg'));
  expect(await keep()).toMatchObject({ feedRemoved: 1, feedWritten: 0 });
  expect(await names()).toEqual([feedName('kept.jpg')]);
});

test('the entry of an image that is gone goes, also where a person’s prompt is left of it', async () => {
  await writeEntry('gone.jpg', 'x');
  await house.blobs.write(promptName('gone.jpg'), Buffer.from('mine'), {
    ...{ contentType: 'application/json', condition: 'any' },
  });
  expect(await keep()).toMatchObject({ feedRemoved: 1, feedWritten: 0 });
  expect(await house.blobs.head(promptName('gone.jpg'))).not.toBeNull();
});

test('entries of the images of another container stay, and take no place among those that are mirrored', async () => {
  const theirs = { container: 'others' };
  await writeEntry('gone.jpg', 'x', theirs);
  for (let index = 0; index < 500; index++) {
    await describeImage(`a/${index}.jpg`);
    await writeEntry(`a/${index}.jpg`, 'x', theirs);
  }
  await describeImage('b.jpg');
  expect(await keep()).toMatchObject({ feedRemoved: 0, feedWritten: 1 });
  expect(mirrored).toEqual(['b.jpg']);
  expect(await names()).toHaveLength(502);
});

test('an image that came since the listing keeps its entry', async () => {
  await writeEntry('late.jpg', 'x');
  const blobs = over(house.blobs, {
    async page(options) {
      const page = await house.blobs.page(options);
      await describeImage('late.jpg');
      return page;
    },
  });
  expect(await keep({}, { blobs })).toMatchObject({ feedRemoved: 0 });
});

test('an entry that changed since the listing stays', async () => {
  await writeEntry('gone.jpg', 'x');
  const changing = {
    ...feed(),
    blobs: over(entries, {
      async remove(name, options) {
        await writeEntry('gone.jpg', 'y');
        return entries.remove(name, options);
      },
    }),
  };
  expect(await keep({}, { feed: changing })).toMatchObject({ feedRemoved: 0, notRemoved: 0 });
  expect(await names()).toHaveLength(1);
});

test('prompts that the feed has not, or has of an older version, are mirrored again, a person’s as well', async () => {
  await writeEntry('same.jpg', await describeImage('same.jpg'));
  await describeImage('missing.jpg');
  await writeEntry('older.jpg', 'older');
  await describeImage('older.jpg');
  await describeImage('edited.jpg');
  await house.blobs.write(promptName('edited.jpg'), Buffer.from('mine'), {
    ...{ contentType: 'application/json', condition: 'any' },
  });
  await house.drop('waiting.jpg');
  expect(await keep()).toMatchObject({ feedWritten: 3 });
  expect(mirrored.toSorted()).toEqual(['edited.jpg', 'missing.jpg', 'older.jpg']);
  expect(await keep()).toMatchObject({ feedWritten: 0 });
});

test('a feed that is new is filled by a few runs', async () => {
  for (let index = 0; index < 501; index++) await describeImage(`${index}.jpg`);
  expect(await keep()).toMatchObject({ feedWritten: 500 });
  expect(await keep()).toMatchObject({ feedWritten: 1 });
});

test('a feed that fails is told, and the audit comes all the same', async () => {
  const warned: string[] = [];
  const log = { info() {}, warn: (_: object, message: string) => warned.push(message), error() {} };
  const failing = over(entries, {
    async page() {
      throw new FailedError('storage-unavailable');
    },
  });
  const others = { feed: { ...feed(), blobs: failing } };
  expect(await house.housekeep({}, { log, others })).toMatchObject({ status: 'done' });
  expect(warned).toEqual(['the feed could not be kept']);
  expect(await house.catalog()).toMatchObject({ complete: true });
});

test('prompts that cannot be mirrored hold up no other, and are told', async () => {
  const warned: object[] = [];
  const log = { info() {}, warn: (fields: object) => warned.push(fields), error() {} };
  for (const name of ['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg', 'e.jpg']) await describeImage(name);
  const failing: Feed = {
    ...feed(),
    async mirror(image, signal) {
      // Of two that cannot be reached there is another in between that can.
      if (image === 'b.jpg') throw new RefusedError('blob-archived');
      if (image === 'a.jpg' || image === 'd.jpg') throw new FailedError('storage-unavailable');
      return feed().mirror(image, signal);
    },
  };
  const others = { feed: failing };
  expect(await house.housekeep({}, { log, others })).toMatchObject({ feedWritten: 2, feedFailed: 3 });
  expect(mirrored).toEqual(['c.jpg', 'e.jpg']);
  expect(warned).toEqual([{ count: 3, some: ['a.jpg', 'b.jpg', 'd.jpg'] }]);
});

test('where storage fails again and again, nothing more is mirrored in this run', async () => {
  for (let index = 0; index < 9; index++) await describeImage(`${index}.jpg`);
  let asked = 0;
  const failing: Feed = {
    ...feed(),
    async mirror() {
      asked++;
      throw new FailedError('storage-unavailable');
    },
  };
  expect(await keep({}, { feed: failing })).toMatchObject({ status: 'done', feedFailed: 2 });
  expect(asked).toBe(3);
});

test('with DRY_RUN the feed stays as it is, and what would change is listed', async () => {
  await writeEntry('gone.jpg', 'x');
  await describeImage('missing.jpg');
  expect(await keep({ DRY_RUN: 'true' })).toMatchObject({
    changes: [
      { action: 'remove', where: 'feed', name: feedName('gone.jpg') },
      { action: 'write', where: 'feed', name: feedName('missing.jpg') },
    ],
  });
  expect([await names(), mirrored]).toEqual([[feedName('gone.jpg')], []]);
});
