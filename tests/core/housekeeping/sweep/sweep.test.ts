import { beforeEach, describe, expect, test } from '@jest/globals';
import { createLog } from '../../../../core/log.ts';
import type { Queue } from '../../../../core/queue/queue.ts';
import { Analyses } from '../../../../core/store/analyses.ts';
import { begin } from '../../../../core/store/first-start.ts';
import { errorName, promptName } from '../../../../core/store/names.ts';
import { writeError, writePrompt } from '../../../../core/store/prompts.ts';
import { photo } from '../../../fixtures/images/photo.ts';
import { faultyBlobs } from '../../../memory/faults.ts';
import { ERROR_LABELS, House, inPages, over, PROMPT_LABELS } from '../swept.ts';

let house: House;
beforeEach(() => {
  house = new House();
});

const prompt = (name: string, sourceEtag: string) =>
  writePrompt(house.blobs, name, {}, { ...PROMPT_LABELS, sourceEtag }, { condition: 'any' });

const error = (name: string, sourceEtag: string, nextTryAt: Date | null, retryable = nextTryAt !== null) =>
  writeError(
    house.blobs,
    name,
    {},
    { ...ERROR_LABELS, sourceEtag, retryable, nextTryAt: nextTryAt?.toISOString() ?? null },
    { condition: 'any' },
  );

const soon = () => new Date(house.clock.elapsed() + 60_000);
const past = () => new Date(house.clock.elapsed() - 60_000);

test('a blob that cannot be removed is told of, and holds up nothing else', async () => {
  const etag = await house.drop('held.jpg');
  await prompt('held.jpg', etag);
  await error('held.jpg', etag, null);
  await prompt('gone.jpg', 'e');
  await house.drop('new.jpg');
  const blobs = faultyBlobs(house.blobs, ({ operation }) => (operation === 'remove' ? 'fails' : 'ok'));
  for (let run = 0; run < 2; run++) {
    const report = await house.sweep({ blobs });
    expect(report).toMatchObject({ status: 'done', queued: 1, notRemoved: 2 });
    expect(new Set(report.kept)).toEqual(new Set([errorName('held.jpg'), promptName('gone.jpg')]));
  }
});

test('B17: an image that was rehydrated is tried again: its tier changed, and not its ETag', async () => {
  const etag = await house.drop('cold.jpg', await photo({ width: 160, height: 120, seed: 1 }));
  house.blobs.mark('cold.jpg', { isArchived: true });
  await house.sweep();
  expect(await house.work(await house.settings())).toMatchObject([{ error: { code: 'blob-archived' } }]);
  expect(await house.sweep()).toMatchObject({ queued: 0 });
  house.blobs.mark('cold.jpg', { isArchived: false });
  expect(await house.sweep()).toMatchObject({ queued: 1 });
  expect(await house.work(await house.settings())).toMatchObject([{ status: 'done' }]);
  expect((await house.blobs.head(promptName('cold.jpg')))?.metadata.sourceetag).toBe(etag);
});

test('a copy of a prompt that a person made under another name stays', async () => {
  const etag = await house.drop('cat.jpg', await photo({ width: 160, height: 120, seed: 1 }));
  await house.sweep();
  await house.work(await house.settings());
  const prompt = await house.blobs.read(promptName('cat.jpg'), { maxBytes: 1e6 });
  expect(prompt?.metadata.sourceetag).toBe(etag);
  const { bytes, metadata } = prompt ?? {};
  await house.blobs.write('best/mine.prompt.json', bytes ?? Buffer.from(''), {
    ...{ contentType: 'application/json', condition: 'new' },
    metadata: metadata ?? {},
  });
  expect(await house.sweep()).toMatchObject({ orphansRemoved: 0 });
  await house.blobs.remove('cat.jpg');
  expect(await house.sweep()).toMatchObject({ orphansRemoved: 1 });
  expect(await house.blobs.head('best/mine.prompt.json')).not.toBeNull();
});

describe('what has neither a prompt nor an error of its present content is queued', () => {
  test('T3: an image whose event was lost is described within one run', async () => {
    await house.drop('holiday/cat.jpg', await photo({ width: 160, height: 120, seed: 1 }));
    expect(await house.sweep()).toMatchObject({ status: 'done', images: 1, queued: 1 });
    expect(await house.work(await house.settings())).toMatchObject([{ status: 'done' }]);
    expect(await house.blobs.head(promptName('holiday/cat.jpg'))).not.toBeNull();
    expect(await house.sweep()).toMatchObject({ status: 'done', images: 1, queued: 0 });
  });

  test('B8: an image that is too large, which no event tells of, gets its error JSON', async () => {
    await house.drop('large.jpg', new Uint8Array(1001));
    await house.sweep();
    const settings = await house.settings({ MAX_IMAGE_BYTES: '1000' });
    expect(await house.work(settings)).toMatchObject([
      { status: 'refused', error: { code: 'image-too-large' } },
    ]);
    expect((await house.blobs.head(errorName('large.jpg')))?.metadata.code).toBe('image-too-large');
    expect(await house.sweep()).toMatchObject({ queued: 0, retried: 0 });
  });

  test('with the ETag it has, and no attempt behind it', async () => {
    const etag = await house.drop('cat.jpg');
    await house.sweep();
    expect(await house.take()).toEqual([{ container: 'images', name: 'cat.jpg', etag }]);
  });

  test('also when what is there was made from what it showed before', async () => {
    const before = await house.drop('cat.jpg');
    await prompt('cat.jpg', before);
    await house.drop('dog.jpg');
    await error('dog.jpg', 'another', null, false);
    await house.drop('cat.jpg');
    await house.sweep();
    expect((await house.take()).map(({ name }) => name)).toEqual(['cat.jpg', 'dog.jpg']);
  });

  test('and nothing else is: what is done, edited, refused, not due, no image or outside of the prefix', async () => {
    await prompt('in/done.jpg', await house.drop('in/done.jpg'));
    await house.drop('in/edited.jpg');
    await house.drop(promptName('in/edited.jpg'));
    await error('in/refused.jpg', await house.drop('in/refused.jpg'), null, false);
    await error('in/waits.jpg', await house.drop('in/waits.jpg'), soon());
    await error('in/given-up.jpg', await house.drop('in/given-up.jpg'), null, true);
    await house.drop('in/words.txt');
    await house.drop('out/cat.jpg');
    expect(await house.sweep({ prefix: 'in/' })).toMatchObject({ images: 5, queued: 0, retried: 0 });
    expect(await house.take()).toEqual([]);
  });

  test('but not while everything is paused, and then the rest goes on', async () => {
    await house.drop('cat.jpg');
    await error('due.jpg', await house.drop('due.jpg'), past());
    await prompt('gone.jpg', 'x');
    expect(await house.sweep({ isPaused: true })).toMatchObject({
      ...{ status: 'done', queued: 0, retried: 0, orphansRemoved: 1 },
    });
    expect(await house.events.length()).toBe(0);
  });

  test('until the queue is full; the next run goes on from there', async () => {
    for (const name of ['1.jpg', '2.jpg', '3.jpg', '4.jpg']) await house.drop(name);
    const waiting = { each: 10_001 };
    const length = async () => waiting.each * (await house.events.length());
    const events: Queue = Object.assign(Object.create(house.events), {
      send: (text: string) => house.events.send(text),
      length,
    });
    const run = () => house.sweep({ blobs: inPages(house.blobs, 1), events });
    expect(await run()).toMatchObject({ status: 'stopped', pages: 3, queued: 2 });
    expect(await run()).toMatchObject({ status: 'stopped', pages: 0, queued: 0 });
    waiting.each = 1;
    expect(await run()).toMatchObject({ status: 'done', images: 2, queued: 2 });
    expect((await house.take()).map(({ name }) => name)).toEqual(['1.jpg', '2.jpg', '3.jpg', '4.jpg']);
  });
});

describe('BACKFILL', () => {
  test('off: images that were there before the first start are left alone, unless they were tried', async () => {
    await house.drop('old.jpg');
    await error('due.jpg', await house.drop('due.jpg'), past());
    house.clock.advance(60_000);
    await begin(house.state, createLog('silent'));
    await house.drop('new.jpg');
    house.clock.advance(60_000);
    expect(await house.sweep({ backfill: false })).toMatchObject({ images: 3, queued: 1, retried: 1 });
    expect((await house.take()).map(({ name }) => name).sort()).toEqual(['due.jpg', 'new.jpg']);
  });

  test('on: they are queued, too', async () => {
    await house.drop('old.jpg');
    house.clock.advance(60_000);
    await begin(house.state, createLog('silent'));
    expect(await house.sweep({ backfill: true })).toMatchObject({ queued: 1 });
  });

  test('off, and never started before: the first run is the first start', async () => {
    await house.drop('old.jpg');
    house.clock.advance(60_000);
    expect(await house.sweep({ backfill: false })).toMatchObject({ images: 1, queued: 0 });
  });
});

describe('what is left over is removed', () => {
  test('the error beside a prompt that answers, and the old prompt beside an error', async () => {
    const cat = await house.drop('cat.jpg');
    await prompt('cat.jpg', cat);
    await error('cat.jpg', cat, null, false);
    await prompt('dog.jpg', 'before');
    await error('dog.jpg', await house.drop('dog.jpg'), null, false);
    expect(await house.sweep()).toMatchObject({ losersRemoved: 2, queued: 0 });
    expect(await house.blobs.head(promptName('cat.jpg'))).not.toBeNull();
    expect(await house.blobs.head(errorName('cat.jpg'))).toBeNull();
    expect(await house.blobs.head(promptName('dog.jpg'))).toBeNull();
    expect(await house.blobs.head(errorName('dog.jpg'))).not.toBeNull();
  });

  test('outputs of images that are gone, but never a person’s', async () => {
    await prompt('gone.jpg', 'x');
    await error('gone.jpg', 'x', null, false);
    await house.drop(promptName('other.jpg'));
    expect(await house.sweep()).toMatchObject({ orphansRemoved: 2 });
    expect((await house.blobs.page({ size: 9 })).blobs.map(({ name }) => name)).toEqual([
      promptName('other.jpg'),
    ]);
  });

  test('not of an image that came while the listing was read', async () => {
    await prompt('late.jpg', 'x');
    const blobs = over(house.blobs, {
      async page(options) {
        const page = await house.blobs.page(options);
        await house.drop('late.jpg');
        return page;
      },
    });
    expect(await house.sweep({ blobs })).toMatchObject({ orphansRemoved: 0 });
    expect(await house.blobs.head(promptName('late.jpg'))).not.toBeNull();
  });

  test('not the output that was written anew while the listing was read', async () => {
    await prompt('gone.jpg', 'x');
    const blobs = over(house.blobs, {
      async head(name) {
        await prompt('gone.jpg', 'y');
        return house.blobs.head(name);
      },
    });
    expect(await house.sweep({ blobs })).toMatchObject({ orphansRemoved: 0 });
    expect(await house.blobs.head(promptName('gone.jpg'))).not.toBeNull();
  });

  test('claims of who died, not those that are held, and not what was paid for', async () => {
    const { clock, state } = house;
    const asleep = Object.assign(Object.create(clock), { sleep: () => new Promise<void>(() => {}) });
    const key = { provider: 'openai', model: 'm', features: [], language: 'en' } as const;
    const analyses = new Analyses(state, asleep);
    const signal = new AbortController().signal;
    await analyses.claim({ ...key, sha256: 'dead' }, signal);
    const write = (name: string, of: string) =>
      state.write(name, Buffer.from('{}'), {
        ...{ contentType: 'application/json', metadata: { state: of }, condition: 'any' },
      });
    await write('analysis/paid/1.json', 'analysis');
    clock.advance(31_000);
    await write('analysis/live/1.json', 'claim');
    clock.advance(29_000);
    expect(await house.sweep()).toMatchObject({ claimsRemoved: 1 });
    expect((await state.page({ prefix: 'analysis/', size: 9 })).blobs.map(({ name }) => name)).toEqual([
      'analysis/live/1.json',
      'analysis/paid/1.json',
    ]);
  });
});

test('B11: images with names that cannot be used are told, not queued', async () => {
  const listed = await house.blobs.page({ size: 1 });
  await house.drop('cat.jpg');
  const blobs = over(house.blobs, {
    async page(options) {
      const page = await house.blobs.page(options);
      const [cat] = page.blobs;
      const odd = ['a/../b.jpg', `${'x'.repeat(1010)}.jpg`, 't\t.jpg'];
      return { ...page, blobs: [...page.blobs, ...odd.flatMap((name) => (cat ? [{ ...cat, name }] : []))] };
    },
  });
  expect(listed.blobs).toEqual([]);
  const report = await house.sweep({ blobs });
  expect(report).toMatchObject({ images: 4, queued: 1, unusableNames: 3 });
  expect(report.unusable).toHaveLength(3);
});
