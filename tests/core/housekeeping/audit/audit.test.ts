import { beforeEach, describe, expect, test } from '@jest/globals';
import { type MakingSettings, outdatedBy } from '../../../../core/batch/wanted.ts';
import type { Catalog } from '../../../../core/housekeeping/audit/catalog.ts';
import { settingsHash } from '../../../../core/prompt/settings-hash.ts';
import { errorName, promptName } from '../../../../core/store/names.ts';
import { isOurs, writeError, writePrompt } from '../../../../core/store/prompts.ts';
import { House, inPages, PROMPT_LABELS } from '../swept.ts';

let house: House;
beforeEach(() => {
  house = new House();
});

const audit = async (env: Readonly<Record<string, string>> = {}): Promise<Catalog> => {
  await house.housekeep(env);
  const made = await house.catalog();
  if (made === null) throw new Error('there is no catalog');
  return made;
};

const put = (name: string, content: string, contentType: string | null = 'text/plain') =>
  house.blobs.write(name, Buffer.from(content), { contentType: contentType ?? '', condition: 'any' });

async function describeImage(name: string, labels: Partial<typeof PROMPT_LABELS> | object = {}) {
  const sourceEtag = await house.drop(name);
  const { settings } = house.household();
  const made = { ...PROMPT_LABELS, settingsHash: settingsHash({ ...settings, ...settings.vision }) };
  await writePrompt(house.blobs, name, {}, { ...made, sourceEtag, ...labels }, { condition: 'any' });
}

async function fail(name: string, code: string, retryable = false) {
  const sourceEtag = await house.drop(name);
  const nextTryAt = retryable ? '2026-01-01T13:00:00.000Z' : null;
  const labels = { sourceEtag, code, retryable, attempts: 5, nextTryAt };
  await writeError(house.blobs, name, {}, labels, { condition: 'any' });
}

describe('the catalog', () => {
  test('of an empty container says so', async () => {
    expect(await audit()).toMatchObject({
      schemaVersion: 1,
      complete: true,
      generatedAt: '2026-01-01T12:00:00.000Z',
      container: 'images',
      images: { count: 0, bytes: 0, byFormat: {}, byStatus: {} },
      oldestMissing: null,
      waiting: { queue: 0, poison: 0 },
    });
  });

  test('counts images and bytes by format and status, and what else is there', async () => {
    await describeImage('a.jpg');
    await describeImage('b.JPEG', { degraded: false });
    await fail('c.png', 'image-corrupt');
    await describeImage('d.tif');
    await put(promptName('d.tif'), '{"prompt":"mine"}');
    await house.drop('e.webp');
    await house.blobs.write('f', Buffer.from('noext'), { contentType: 'image/gif', condition: 'new' });
    await put('notes.txt', 'hello');
    await put('plan.pdf', '12345678');
    const { images, others, listing } = await audit();
    expect(images).toEqual({
      ...{ count: 6, bytes: 5 + 6 + 5 + 5 + 6 + 5, degraded: 1 },
      byFormat: {
        gif: { count: 1, bytes: 5 },
        jpeg: { count: 2, bytes: 11 },
        png: { count: 1, bytes: 5 },
        tiff: { count: 1, bytes: 5 },
        webp: { count: 1, bytes: 6 },
      },
      byStatus: {
        done: { count: 2, bytes: 11 },
        edited: { count: 1, bytes: 5 },
        failed: { count: 1, bytes: 5 },
        pending: { count: 2, bytes: 11 },
      },
    });
    expect(others).toEqual({ count: 2, bytes: 13 });
    expect(listing).toEqual({ pages: 1, blobs: 12, skippedRanges: 0 });
  });

  test('names what is missing, and how old the oldest is, of what is asked for', async () => {
    await house.drop('before.jpg');
    house.clock.advance(60_000);
    await house.state.write('first-start', new Uint8Array(), { contentType: 'text/plain', condition: 'new' });
    await house.drop('oldest.jpg');
    house.clock.advance(90_000);
    await house.drop('newest.jpg');
    const { missing, oldestMissing } = await audit({ BACKFILL: 'off' });
    expect(missing.items.map(({ name, asked }) => [name, asked])).toEqual([
      ['before.jpg', false],
      ['newest.jpg', true],
      ['oldest.jpg', true],
    ]);
    expect(oldestMissing).toEqual({
      ...{ name: 'oldest.jpg', lastModified: '2026-01-01T12:01:00.000Z', ageSeconds: 90 },
    });
  });

  test('names what other settings would have made otherwise', async () => {
    await describeImage('same.jpg');
    await describeImage('other-provider.jpg', { provider: 'azure-vision', settingsHash: '0'.repeat(64) });
    await describeImage('older.jpg');
    const older = await house.blobs.read(promptName('older.jpg'), { maxBytes: 1e6 });
    await house.blobs.write(promptName('older.jpg'), older?.bytes ?? new Uint8Array(), {
      ...{ contentType: 'application/json', condition: 'any' },
      metadata: { ...older?.metadata, schema: '0' },
    });
    expect((await audit()).stale.items).toEqual([
      { name: 'older.jpg', reasons: ['schema'] },
      { name: 'other-provider.jpg', reasons: ['provider'] },
    ]);
  });

  test('takes for stale what a batch would remake, whatever the model calls itself', async () => {
    const vision = { provider: 'openai', model: 'vision-prod' } as const;
    const { settings } = house.household();
    const now = { ...settings, vision };
    const madeWith = (made: MakingSettings) => settingsHash({ ...made, ...made.vision });
    const made = {
      'now.jpg': { model: 'gpt-4.1-2025-04-14', settingsHash: madeWith(now) },
      // A model whose name begins with that of another is another.
      'model.jpg': {
        model: 'vision-prod-2',
        settingsHash: madeWith({ ...now, vision: { ...vision, model: 'vision-prod-2' } }),
      },
      'suffix.jpg': { model: 'gpt-4.1-2025-04-14', settingsHash: madeWith({ ...now, suffix: 'film' }) },
    };
    for (const [name, labels] of Object.entries(made))
      await describeImage(name, { provider: 'openai', ...labels });
    await house.housekeep({}, { others: { settings: now } });
    expect((await house.catalog())?.stale.items).toEqual([
      { name: 'model.jpg', reasons: ['settings'] },
      { name: 'suffix.jpg', reasons: ['settings'] },
    ]);
    const { blobs } = await house.blobs.page({ size: 99 });
    const isOutdated = outdatedBy(now, null);
    const remade = blobs.filter((blob) => isOurs(blob) && isOutdated(blob)).map(({ name }) => name);
    expect(remade).toEqual([promptName('model.jpg'), promptName('suffix.jpg')]);
  });

  test('tells orphans of ours, which go, from those of a person, which stay', async () => {
    await describeImage('gone.jpg');
    await house.blobs.remove('gone.jpg');
    await put(promptName('kept.jpg'), 'mine');
    const { orphans } = await audit();
    expect(orphans.items).toEqual([
      { name: promptName('gone.jpg'), image: 'gone.jpg', kind: 'prompt', ours: true },
      { name: promptName('kept.jpg'), image: 'kept.jpg', kind: 'prompt', ours: false },
    ]);
    expect((await audit()).orphans).toMatchObject({ count: 1, items: [{ name: promptName('kept.jpg') }] });
  });

  test('names errors by their codes, also of names that nothing can be written beside', async () => {
    await fail('a.jpg', 'image-corrupt');
    await fail('b.jpg', 'vision-timeout', true);
    await fail('c.jpg', 'image-corrupt');
    await house.drop(`${'x'.repeat(1_010)}.jpg`);
    const { errors } = await audit();
    expect(errors.count).toBe(4);
    expect(errors.byCode).toEqual({ 'image-corrupt': 2, 'vision-timeout': 1, 'invalid-name': 1 });
    expect(errors.items[1]).toEqual({
      ...{ name: 'b.jpg', code: 'vision-timeout', retryable: true, attempts: 5 },
      nextTryAt: '2026-01-01T13:00:00.000Z',
    });
  });

  test('names what a person edited, and where the image is newer than that', async () => {
    for (const name of ['fresh.jpg', 'stale.jpg']) {
      await describeImage(name);
      await put(promptName(name), '{"prompt":"mine"}');
    }
    house.clock.advance(60_000);
    await house.drop('stale.jpg', Buffer.from('another'));
    const { edited, editedStale } = await audit();
    expect(edited.items).toEqual([{ name: 'fresh.jpg' }, { name: 'stale.jpg' }]);
    expect(editedStale.items).toEqual([
      {
        name: 'stale.jpg',
        imageModified: '2026-01-01T12:01:00.000Z',
        promptModified: '2026-01-01T12:00:00.000Z',
      },
    ]);
  });

  test('names duplicates by the hash in our metadata', async () => {
    const twin = { sha256: 'ab'.repeat(32) };
    await describeImage('1.jpg', twin);
    await describeImage('2.jpg', { sha256: 'cd'.repeat(32) });
    await describeImage('in/3.jpg', twin);
    // Of what it showed before.
    await describeImage('in/4.jpg', twin);
    await house.drop('in/4.jpg', Buffer.from('another'));
    expect((await audit()).duplicates).toEqual({
      ...{ count: 1, bytes: 8 },
      items: [{ name: 'in/3.jpg', sameAs: '1.jpg', bytes: 8, suggestion: 'keep 1.jpg, remove in/3.jpg' }],
    });
  });

  test('says how much waits', async () => {
    await house.drop('a.jpg');
    await house.poison.send('one');
    expect((await audit()).waiting).toEqual({ queue: 1, poison: 1 });
  });

  test('has names with a prompt on another page of the listing', async () => {
    await describeImage('cat.jpg');
    await describeImage('cat.jpg-2.jpg');
    await house.housekeep({}, { others: { blobs: inPages(house.blobs, 1) } });
    expect(await house.catalog()).toMatchObject({
      images: { byStatus: { done: { count: 2 } } },
      listing: { pages: 4, blobs: 4 },
      orphans: { count: 0 },
    });
  });
});

describe('names', () => {
  const named = async (env: Readonly<Record<string, string>> = {}) =>
    (await audit(env)).names.items.map(({ name, problems, other, suggestion }) => [
      ...[name, problems.join(' '), other, suggestion],
    ]);

  test('that collide where case or composition does not count are suggested others', async () => {
    for (const name of ['Cat.jpg', 'cat.jpg', 'é.jpg', 'e\u0301.jpg', 'cat-2.jpg']) await house.drop(name);
    expect(await named()).toEqual([
      ['cat.jpg', 'case-collision', 'Cat.jpg', 'cat-3.jpg'],
      // The listing's order is that of the code units.
      ['e\u0301.jpg', 'not-composed', null, 'é-2.jpg'],
      ['é.jpg', 'composition-collision', 'e\u0301.jpg', 'é-3.jpg'],
    ]);
  });

  test('of images under other extensions are suggested the one that goes with them', async () => {
    await put('photo.dat', 'x', 'image/png');
    await put('taken.bin', 'x', 'image/jpeg');
    await house.drop('taken.jpg');
    expect(await named()).toEqual([
      ['photo.dat', 'other-extension', null, 'photo.png'],
      ['taken.bin', 'other-extension', null, 'taken-2.jpg'],
    ]);
  });

  test('that share a stem are told of where texts are written by it, and only there', async () => {
    await house.drop('cat.jpg');
    await house.drop('cat.png');
    expect(await named()).toEqual([]);
    expect(await named({ PROMPT_SIDECARS: 'txt' })).toEqual([
      ['cat.png', 'shared-stem', 'cat.jpg', 'cat-2.png'],
    ]);
  });
});

test('lists end at a thousand, and what is counted does not', async () => {
  for (let index = 0; index < 1_100; index++) await house.drop(` ${index}.jpg`);
  const { missing, names } = await audit();
  expect([missing.count, missing.items.length]).toEqual([1_100, 1_000]);
  expect([names.count, names.items.length]).toEqual([1_100, 1_000]);
  expect(new Set(names.items.map(({ suggestion }) => suggestion)).size).toBe(1_000);
});

test('an error beside an image that has none of its own is an orphan, too', async () => {
  await fail('gone.jpg', 'image-corrupt');
  await house.blobs.remove('gone.jpg');
  expect((await audit()).orphans.items).toMatchObject([{ name: errorName('gone.jpg'), kind: 'error' }]);
});
