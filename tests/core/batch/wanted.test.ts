import { describe, expect, test } from '@jest/globals';
import { isFinished } from '../../../core/batch/record.ts';
import { FailedError, RefusedError } from '../../../core/errors.ts';
import { errorName, promptName } from '../../../core/store/names.ts';
import { faultsOf, Workplace } from './workplace.ts';

async function run(place: Workplace, options: Parameters<Workplace['start']>[0] = {}) {
  const id = await place.start(options);
  await place.during(() => place.until(async () => isFinished(await place.record(id))));
  const record = await place.record(id);
  expect(faultsOf(record)).toEqual([]);
  expect(record.status).toBe('completed');
  return record;
}

async function promptOf(place: Workplace, image: string) {
  const blob = await place.blobs.read(promptName(image), { maxBytes: 1e6 });
  return JSON.parse(Buffer.from(blob?.bytes ?? []).toString());
}

const edit = (place: Workplace, image: string) =>
  place.blobs.write(promptName(image), Buffer.from('{"prompt":"mine"}'), {
    ...{ contentType: 'application/json', condition: 'any' },
  });

describe('a batch', () => {
  test('does what has no up-to-date prompt, also what failed, and leaves the rest as it is', async () => {
    const place = new Workplace();
    for (const name of ['changed.jpg', 'done.jpg', 'mine.jpg']) await place.drop(name);
    await run(place);
    await edit(place, 'mine.jpg');
    await place.drop('changed.jpg', 'another content');
    await place.drop('mine.jpg', 'another content of mine');
    for (const name of ['empty.jpg', 'new.jpg', 'notes.txt', '../x.jpg']) {
      if (name === '../x.jpg') await place.drop(`${'n'.repeat(1_015)}.jpg`);
      else await place.drop(name, name === 'empty.jpg' ? '' : name);
    }
    const { counts, visionCalls } = await run(place);
    expect(counts).toEqual({
      ...{ listed: 6, described: 2, reused: 0, unchanged: 2, refused: 1, failed: 0, deferred: 0, gone: 0 },
      ...{ skipped: 1, remaining: 0 },
    });
    expect(visionCalls).toBe(2);
    expect((await place.blobs.head(errorName('empty.jpg')))?.metadata.code).toBe('empty-image');
    expect(await promptOf(place, 'mine.jpg')).toEqual({ prompt: 'mine' });
    // What is refused is tried again, and costs nothing.
    expect((await run(place)).counts).toMatchObject({ unchanged: 4, refused: 1, described: 0 });
  });

  test('does only what its prefix begins', async () => {
    const place = new Workplace();
    for (const name of ['a/1.jpg', 'a/2.jpg', 'ab.jpg', 'b/1.jpg']) await place.drop(name);
    expect((await run(place, { prefix: 'a/' })).counts).toMatchObject({ listed: 2, described: 2 });
    expect((await run(place, { prefix: 'none/' })).counts.listed).toBe(0);
    expect(await place.blobs.head(promptName('ab.jpg'))).toBeNull();
  });

  test('with other targets makes those, and pays for no content twice', async () => {
    const place = new Workplace();
    for (const name of ['a.jpg', 'b.jpg']) await place.drop(name);
    await place.drop('same-as-a.jpg', 'a.jpg');
    expect(await run(place, { maxParallel: 1 })).toMatchObject({
      ...{ visionCalls: 2, counts: { described: 3, reused: 1 } },
      ...{ billedFeatures: 4, estimatedCost: { amount: 0.005, currency: 'USD' } },
    });
    const again = await run(place, { stale: true, targets: ['flux2', 'sdxl'] });
    expect(again).toMatchObject({ visionCalls: 0, counts: { described: 3, reused: 3, unchanged: 0 } });
    expect(Object.keys((await promptOf(place, 'a.jpg')).prompts).sort()).toEqual(['flux2', 'sdxl']);
    // They are what this batch would make.
    expect((await run(place, { stale: true, targets: ['sdxl', 'flux2'] })).counts.unchanged).toBe(3);
    expect(place.paid.toSorted()).toEqual(['a.jpg', 'b.jpg']);
  });

  test('with stale remakes what another model said, never what a person wrote', async () => {
    const place = new Workplace();
    for (const name of ['a.jpg', 'mine.jpg']) await place.drop(name);
    await run(place);
    await edit(place, 'mine.jpg');
    place.model = 'another';
    expect((await run(place)).counts).toMatchObject({ unchanged: 2 });
    const { counts, visionCalls } = await run(place, { stale: true });
    expect([counts.described, counts.unchanged, visionCalls]).toEqual([1, 1, 1]);
    expect(await promptOf(place, 'mine.jpg')).toEqual({ prompt: 'mine' });
  });

  test('with force remakes all of them, edited ones too, but none of a newer version', async () => {
    const place = new Workplace();
    for (const name of ['a.jpg', 'mine.jpg', 'newer.jpg']) await place.drop(name);
    await run(place);
    await edit(place, 'mine.jpg');
    const { contentMd5: ours, metadata } = (await place.blobs.head(promptName('newer.jpg'))) ?? {};
    const made = await place.blobs.read(promptName('newer.jpg'), { maxBytes: 1e6 });
    await place.blobs.write(promptName('newer.jpg'), made?.bytes ?? new Uint8Array(), {
      ...{ contentType: 'application/json', condition: 'any' },
      metadata: { ...metadata, schema: '99', ours: ours ?? '' },
    });
    const { counts: dry } = await run(place, { force: true, dryRun: true });
    expect(dry).toMatchObject({ remaining: 2, unchanged: 1 });
    const { counts } = await run(place, { force: true });
    expect(counts).toMatchObject({ described: 2, reused: 2, unchanged: 1 });
    expect((await promptOf(place, 'mine.jpg')).schemaVersion).toBe(1);
  });
});

describe('a dry run', () => {
  test('counts what would be done, what of it is known, and what it would cost; and does nothing', async () => {
    const place = new Workplace();
    for (const name of ['a.jpg', 'b.jpg', 'mine.jpg']) await place.drop(name);
    await run(place);
    await edit(place, 'mine.jpg');
    await place.drop('new.jpg');
    const before = (await place.blobs.page({ size: 100 })).blobs.map(({ name, etag }) => [name, etag]);
    expect(await run(place, { dryRun: true })).toMatchObject({
      ...{ counts: { listed: 4, unchanged: 3, remaining: 1, reused: 0, described: 0 }, visionCalls: 1 },
      ...{ billedFeatures: 2, estimatedCost: { amount: 0.0025 } },
    });
    // Of the edited one it cannot be told.
    expect(await run(place, { dryRun: true, force: true })).toMatchObject({
      ...{ counts: { remaining: 4, reused: 2 }, visionCalls: 2 },
    });
    place.isPaused = true;
    expect((await run(place, { dryRun: true, prefix: 'new' })).counts.remaining).toBe(1);
    const after = (await place.blobs.page({ size: 100 })).blobs.map(({ name, etag }) => [name, etag]);
    expect(after).toEqual(before);
    expect(place.paid).toHaveLength(3);
  });

  test('expects that what was refused is refused again, for nothing, until it is another content', async () => {
    const place = new Workplace();
    for (const name of ['empty-1.jpg', 'empty-2.jpg']) await place.drop(name, '');
    await run(place);
    await place.drop('empty-2.jpg', 'filled');
    const dry = await run(place, { dryRun: true });
    expect([dry.counts.remaining, dry.visionCalls]).toEqual([2, 1]);
    const real = await run(place);
    expect(real.visionCalls).toBe(1);
    expect(real.counts).toMatchObject({ refused: 1, described: 1 });
  });

  test('expects a call for what failed, and for what has come back from the archive', async () => {
    const place = new Workplace();
    await place.drop('failed.jpg');
    await place.drop('archived.jpg');
    place.blobs.mark('archived.jpg', { isArchived: true });
    place.answer = async () => {
      throw new FailedError('vision-bad-response');
    };
    expect((await run(place)).counts).toMatchObject({ failed: 1, refused: 1 });
    expect((await run(place, { dryRun: true })).visionCalls).toBe(1);
    place.blobs.mark('archived.jpg', { isArchived: false });
    expect((await run(place, { dryRun: true })).visionCalls).toBe(2);
  });

  test('expects a call for what the provider itself refused: its word may be another by now', async () => {
    const place = new Workplace();
    await place.drop('refused.jpg');
    place.answer = async () => {
      throw new RefusedError('vision-rejected');
    };
    expect((await run(place)).counts).toMatchObject({ refused: 1 });
    expect(await run(place, { dryRun: true })).toMatchObject({ counts: { remaining: 1 }, visionCalls: 1 });
  });

  test('of a large prefix goes on page by page, by the queue', async () => {
    const place = new Workplace();
    for (let number = 0; number < 2_500; number++) await place.drop(`${number}.jpg`);
    const { counts, pages } = await run(place, { dryRun: true });
    expect([counts.listed, counts.remaining, pages]).toEqual([2_500, 2_500, 3]);
  });
});
