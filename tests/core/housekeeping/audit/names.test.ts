import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { NameStore } from '../../../../core/housekeeping/audit/names/known-names.ts';
import { folded, problemsOf } from '../../../../core/housekeeping/audit/names/name-problems.ts';
import { cleanName, Suggestions } from '../../../../core/housekeeping/audit/names/suggest-name.ts';
import { extensionOf, isCandidate, MAX_IMAGE_NAME } from '../../../../core/store/names.ts';

describe('a name by itself', () => {
  test.each([
    ['holiday/cat.jpg', []],
    ['日本/猫 と 犬.jpg', []],
    ['100%.jpg', ['non-portable-characters']],
    ['q?x=1.jpg', ['non-portable-characters']],
    ['h#ash.jpg', ['non-portable-characters']],
    ['a\\b.jpg', ['non-portable-characters']],
    ['cow\u0001.jpg', ['unusable', 'unsafe-characters']],
    ['photo\u202Egpj.jpg', ['unsafe-characters']],
    ['cat\u200B.jpg', ['unsafe-characters']],
    ['a/CON/b.jpg', ['reserved-name']],
    ['nul.jpg', ['reserved-name']],
    ['console.jpg', []],
    ['a./b.jpg', ['reserved-name']],
    [' cat.jpg', ['spaces-at-ends']],
    ['a /b.jpg', ['spaces-at-ends']],
    ['a//b.jpg', ['empty-segment']],
    ['/lead.jpg', ['empty-segment']],
    ['e\u0301.jpg', ['not-composed']],
    ['a/../b.jpg', ['unusable', 'reserved-name']],
    [`${'x'.repeat(1_010)}.jpg`, ['unusable']],
  ])('%j has the problems %j', (name, problems) => {
    expect(problemsOf(name)).toEqual(problems);
  });
});

describe('a suggested name', () => {
  test.each([
    [' cat .jpg', 'cat .jpg'],
    ['a\\b//c.jpg', 'a/b/c.jpg'],
    ['q?x=1.jpg', 'q-x=1.jpg'],
    ['aux.jpg', '_aux.jpg'],
    ['e\u0301.jpg', 'é.jpg'],
    ['../../x.jpg', 'x.jpg'],
    ['\u202E', 'image'],
    ['a. /b.jpg', 'a/b.jpg'],
  ])('of %j is %j', (name, clean) => {
    expect(cleanName(name)).toBe(clean);
  });

  test('of a content type under another extension has the extension that goes with it', () => {
    expect(cleanName('photo.dat', 'image/png')).toBe('photo.png');
    expect(cleanName('photo.dat', 'IMAGE/JPEG; q=1')).toBe('photo.jpg');
    expect(cleanName('photo.dat', 'image/x-icon')).toBe('photo.ico');
    expect(cleanName('photo.constructor', 'image/constructor')).toBe('photo.jpg');
  });

  test('is one that no image has, and none that was suggested', () => {
    const images = new Set(['cat.jpg', 'cat-2.jpg']);
    const suggestions = new Suggestions((name) => images.has(folded(name)));
    const suggest = (name: string, isTaken = false) => suggestions.for({ name, isTaken, type: null });
    expect(suggest('Cat.jpg', true)).toBe('Cat-3.jpg');
    expect(suggest(' cat.jpg')).toBe('cat-4.jpg');
    expect(suggest('new/ cat.jpg')).toBe('new/cat.jpg');
    expect(suggest('new/cat .jpg ')).toBe('new/cat .jpg');
  });

  test('is clean, is different from all others, and keeps its extension, whatever the names are', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        'a',
        'A',
        'é',
        'e\u0301',
        ' ',
        '.',
        '/',
        '\\',
        '?',
        '\u202E',
        '\u0001',
        'con',
        '%',
        '-2',
      ),
      fc.string({ unit: 'grapheme', maxLength: 3 }),
      fc.string({ minLength: 1_000, maxLength: 1_000 }),
    );
    const name = fc.array(piece, { maxLength: 8 }).map((pieces) => `${pieces.join('')}.jpg`);
    fc.assert(
      fc.property(fc.uniqueArray(name, { maxLength: 12 }), (names) => {
        const images = new Set(names.map(folded));
        const suggestions = new Suggestions((each) => images.has(folded(each)));
        const given = names.map((each) => suggestions.for({ name: each, isTaken: true, type: null }));
        expect(given.flatMap(problemsOf)).toEqual([]);
        expect(new Set(given.map(folded)).size).toBe(given.length);
        for (const each of given) {
          expect(images.has(folded(each))).toBe(false);
          expect(each.length).toBeLessThanOrEqual(MAX_IMAGE_NAME);
          expect([extensionOf(each), isCandidate(each, null)]).toEqual(['jpg', true]);
        }
      }),
    );
  });
});

test('names are read again as they were put into the store, however many there are', () => {
  const store = new NameStore();
  const names = Array.from({ length: 5_000 }, (_, index) => `folder/猫 ${index}.jpg`);
  const places = names.map((name) => store.add(name) ?? -1);
  expect(places.map((place) => store.at(place))).toEqual(names);
});

test('a store that is full takes no more, and still has what it took', () => {
  const store = new NameStore();
  const long = 'x'.repeat(1_000_000);
  const first = store.add('first.jpg') ?? -1;
  const places = Array.from({ length: 60 }, () => store.add(long));
  expect(places.filter((place) => place === null).length).toBeGreaterThan(0);
  expect(store.at(first)).toBe('first.jpg');
});
