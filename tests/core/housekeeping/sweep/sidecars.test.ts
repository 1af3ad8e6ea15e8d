import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseConfig } from '../../../../core/config.ts';
import { describeImage } from '../../../../core/describe/describe-image.ts';
import { type Household, housekeep } from '../../../../core/housekeeping/housekeep.ts';
import { createLog, type Log } from '../../../../core/log.ts';
import { createProgram, type Program } from '../../../../core/program.ts';
import { errorName, promptName, sidecarNames } from '../../../../core/store/names.ts';
import { writeError } from '../../../../core/store/prompts.ts';
import { startAzurite } from '../../../azurite.ts';
import { photo } from '../../../fixtures/images/photo.ts';
import { AMPLE_MS } from '../../../until.ts';
import { ERROR_LABELS, House, inPages, over } from '../swept.ts';

const NAME = 'a/cat.jpg';
const { txt, xmp } = sidecarNames(NAME);

describe('the sweep', () => {
  async function described(name = NAME): Promise<House> {
    const house = new House();
    const settings = await house.settings({ PROMPT_SIDECARS: 'txt,xmp' });
    await house.drop(name, await photo({ width: 64, height: 64 }));
    const signal = new AbortController().signal;
    await describeImage({ container: 'images', name }, house.blobs, settings, { signal });
    expect(await house.blobs.head(txt)).not.toBeNull();
    return house;
  }

  test('removes the sidecars of an image that is gone, with its prompt', async () => {
    const house = await described();
    await house.blobs.remove(NAME);
    expect(await house.sweep()).toMatchObject({ images: 0, orphansRemoved: 1 });
    expect((await house.blobs.page({ size: 9 })).blobs).toEqual([]);
  });

  test('removes them also where a person edited the prompt, which stays', async () => {
    const house = await described();
    await house.drop(promptName(NAME), Buffer.from('{"prompt":"mine"}'));
    await house.sweep();
    expect(await house.blobs.head(txt)).not.toBeNull();
    await house.blobs.remove(NAME);
    expect(await house.sweep()).toMatchObject({ images: 0, orphansRemoved: 0, notRemoved: 0 });
    expect((await house.blobs.page({ size: 9 })).blobs.map(({ name }) => name)).toEqual([promptName(NAME)]);
  });

  test('removes them also where the prompt went together with the image', async () => {
    const house = await described();
    await house.drop('a/cat-2.jpg', await photo({ width: 64, height: 64 }));
    for (const name of [NAME, promptName(NAME)]) await house.blobs.remove(name);
    expect(await house.sweep()).toMatchObject({ images: 1, orphansRemoved: 0, notRemoved: 0 });
    expect((await house.blobs.page({ size: 9 })).blobs.map(({ name }) => name)).toEqual(['a/cat-2.jpg']);
  });

  test.each(['a/cat.webp', 'a/cat.JpEg', 'a/cat'])('finds the image %s by its .txt', async (name) => {
    const house = await described(name);
    expect(await house.sweep()).toMatchObject({ images: 1 });
    expect(await house.blobs.head(txt)).not.toBeNull();
    for (const each of [name, promptName(name)]) await house.blobs.remove(each);
    await house.sweep();
    expect((await house.blobs.page({ size: 9 })).blobs).toEqual([]);
  });

  test('leaves the .txt of an image that is there, wherever a page ends, and looks for it once more only there', async () => {
    const house = await described('a/cat.webp');
    let looks = 0;
    const watched = (size: number) =>
      over(inPages(house.blobs, size), {
        async head(name, signal) {
          looks++;
          return house.blobs.head(name, signal);
        },
      });
    await house.sweep({ blobs: watched(9) });
    expect(looks).toBe(0);
    for (const size of [1, 2, 3]) await house.sweep({ blobs: watched(size) });
    expect(looks).toBeGreaterThan(0);
    expect(await house.blobs.head(txt)).not.toBeNull();
    expect(await house.blobs.head('a/cat.webp.xmp')).not.toBeNull();
  });

  test.each([1, 2, 100])(
    'leaves those of an image that is there without its prompt, by pages of %i',
    async (size) => {
      const house = await described();
      for (const name of ['a/cat.png', 'a/dog.jpg']) {
        await house.drop(name, await photo({ width: 64, height: 64, seed: 3 }));
        await house.sweep();
        await house.work(await house.settings({ PROMPT_SIDECARS: 'txt,xmp' }));
      }
      for (const name of [NAME, 'a/dog.jpg']) await house.blobs.remove(promptName(name));
      await house.sweep({ blobs: inPages(house.blobs, size), isPaused: true });
      const left = (await house.blobs.page({ size: 99 })).blobs.map(({ name }) => name);
      expect(left).toEqual(expect.arrayContaining([txt, xmp, ...Object.values(sidecarNames('a/dog.jpg'))]));
    },
  );

  test('leaves a person’s sidecars without an image alone: their own, changed ones and copies of ours', async () => {
    const house = await described();
    const { bytes, metadata } = (await house.blobs.read(txt, { maxBytes: 1e6 })) ?? {};
    const copy = { contentType: 'text/plain', metadata: metadata ?? {}, condition: 'any' } as const;
    await house.blobs.write('a/copy.txt', bytes ?? Buffer.alloc(0), copy);
    await house.blobs.write('a/copy.jpg.xmp', bytes ?? Buffer.alloc(0), copy);
    await house.blobs.write(xmp, Buffer.from('mine'), { ...copy, contentType: 'application/rdf+xml' });
    await house.drop('a/notes.txt');
    for (const name of [NAME, promptName(NAME)]) await house.blobs.remove(name);
    await house.sweep();
    expect((await house.blobs.page({ size: 9 })).blobs.map(({ name }) => name)).toEqual(
      ['a/copy.jpg.xmp', 'a/copy.txt', 'a/notes.txt', xmp].toSorted(),
    );
  });

  test('leaves alone what a person wrote, and the .txt of another image', async () => {
    const house = await described();
    await house.drop('a/cat.png', await photo({ width: 64, height: 64, seed: 3 }));
    await house.sweep();
    await house.work(await house.settings({ PROMPT_SIDECARS: 'txt,xmp' }));
    await house.drop(xmp);
    await house.blobs.remove('a/cat.png');
    expect(await house.sweep()).toMatchObject({ orphansRemoved: 1 });
    expect((await house.blobs.page({ size: 9 })).blobs.map(({ name }) => name)).toEqual(
      [NAME, promptName(NAME), xmp, txt].toSorted(),
    );
  });

  test('removes them with the prompt that is beside the truth', async () => {
    const house = await described();
    const sourceEtag = await house.drop(NAME, Buffer.from('no image'));
    const labels = { ...ERROR_LABELS, sourceEtag, retryable: false, nextTryAt: null };
    await writeError(house.blobs, NAME, {}, labels, { condition: 'new' });
    expect(await house.sweep()).toMatchObject({ losersRemoved: 1 });
    const left = (await house.blobs.page({ size: 9 })).blobs.map(({ name }) => name);
    expect(left).toEqual([NAME, errorName(NAME)]);
  });
});

describe('metadata.jsonl, over storage', () => {
  let azurite: Awaited<ReturnType<typeof startAzurite>>;
  let program: Program;
  beforeAll(async () => {
    azurite = await startAzurite();
    const { connectionString } = azurite;
    program = await createProgram(configOf(''), { connectionString }, createLog('silent'));
    await Promise.all([program.blobs.create(), program.state.create(), program.events.create()]);
    const jpeg = await photo({ width: 64, height: 64 });
    for (const name of [NAME, 'a/b/dog.jpg', 'fish.jpg']) {
      await program.blobs.write(name, jpeg, { contentType: 'image/jpeg', condition: 'new' });
      const signal = AbortSignal.timeout(AMPLE_MS);
      await describeImage({ container: 'images', name }, program.blobs, program.settings, { signal });
    }
  });
  afterAll(() => azurite.close());

  const configOf = (sidecars: string) =>
    parseConfig({ STORAGE: azurite.connectionString, ...(sidecars && { PROMPT_SIDECARS: sidecars }) });

  async function run(
    sidecars: string,
    household: Household = program,
    signal = AbortSignal.timeout(AMPLE_MS),
  ) {
    const said: object[] = [];
    const log: Log = { info: (fields) => said.push(fields), warn: () => {}, error: () => {} };
    return { report: await housekeep(household, configOf(sidecars), { log, signal }), said };
  }

  const fileOf = async (folder: string) => {
    const blob = await program.blobs.read(`${folder}metadata.jsonl`, { maxBytes: 1e6 });
    return blob && { etag: blob.etag, text: Buffer.from(blob.bytes ?? []).toString() };
  };

  test('is not written where the setting does not name it, and once by two runs at once', async () => {
    expect((await run('txt,xmp')).report).not.toHaveProperty('folders');
    const [first, second] = await Promise.all([run('jsonl'), run('jsonl')]);
    expect((first.report.foldersWritten ?? 0) + (second.report.foldersWritten ?? 0)).toBe(3);
  });

  test('is in each folder, and is written again only when something changes', async () => {
    await run('jsonl');
    const first = await Promise.all(['', 'a/', 'a/b/'].map(fileOf));
    expect(first.map((file) => JSON.parse(file?.text ?? 'null').file_name)).toEqual([
      ...['fish.jpg', 'cat.jpg', 'dog.jpg'],
    ]);
    const again = await run('jsonl');
    expect(again.report).toMatchObject({ folders: 3, foldersWritten: 0, foldersCleared: 0 });
    expect(again.said).toMatchObject([{ status: 'done' }, { folders: 3, foldersWritten: 0 }]);
    expect(await Promise.all(['', 'a/', 'a/b/'].map(fileOf))).toEqual(first);
    await program.blobs.remove('a/b/dog.jpg');
    // The prompt is left over until the sweep, which comes first, removes it.
    expect((await run('jsonl')).report).toMatchObject({
      foldersWritten: 0,
      foldersCleared: 1,
      orphansRemoved: 1,
    });
    expect(await fileOf('a/b/')).toBeNull();
  });

  test('is left as it is by a run that is told to stop', async () => {
    await program.blobs.remove('fish.jpg');
    const { report } = await run('jsonl', program, AbortSignal.abort());
    expect(report).toMatchObject({ status: 'stopped', folders: 0 });
    expect(await fileOf('')).not.toBeNull();
  });
});
