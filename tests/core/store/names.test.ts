import { describe, expect, test } from '@jest/globals';
import { errorName, isCandidate, nameFault, ownerOf, promptName } from '../../../core/store/names.ts';

describe('B9: what counts as an image is decided by name and content type', () => {
  test.each([
    'a.jpg',
    'a.JPG',
    'a/b.jpeg',
    'a.jfif',
    '.jpg',
    'a.tiff',
    'a.avif',
    'a.heic',
    'a.svg',
    'a.prompt.jpg',
  ])('%s is one, whatever its type says', (name) => {
    expect(isCandidate(name, null)).toBe(true);
    expect(isCandidate(name, 'text/plain')).toBe(true);
  });

  test.each([
    'a.txt',
    'a.pdf',
    'a.jpg.exe',
    'a.jpg.prompt.json',
    'a.jpg.prompt.error.json',
    'a.jpg.xmp',
    'a.jpg.',
    'a.',
  ])('%s is none, even where its type says image', (name) => {
    expect(isCandidate(name, 'image/jpeg')).toBe(false);
  });

  test('a name without extension is one when its type says image', () => {
    expect(isCandidate('folder.d/picture', 'image/png')).toBe(true);
    expect(isCandidate('folder.jpg/picture', 'application/octet-stream')).toBe(false);
    expect(isCandidate('picture', null)).toBe(false);
  });

  test('only names under the prefix count', () => {
    expect(isCandidate('in/a.jpg', null, 'in/')).toBe(true);
    expect(isCandidate('out/a.jpg', null, 'in/')).toBe(false);
  });
});

describe('B11, B13, B14: names that cannot be written back get no output', () => {
  test.each([
    '',
    '.',
    '..',
    'a/../b.jpg',
    './c.jpg',
    '../other/x.jpg',
    'a/.',
    'x\\..\\y.jpg',
    'a\tb.jpg',
    'a\nb.jpg',
    'a\0.jpg',
    'a\uFFFE.jpg',
    'a\uFFFF.jpg',
  ])('%j', (name) => expect(nameFault(name)).not.toBeNull());

  test('a lone surrogate', () => expect(nameFault('\ud800.jpg')).not.toBeNull());

  test('a name whose error JSON would be longer than Azure allows', () => {
    expect(nameFault('x'.repeat(1006))).toBeNull();
    expect(nameFault('x'.repeat(1007))).not.toBeNull();
    expect(errorName('x'.repeat(1006))).toHaveLength(1024);
  });

  test('a name of more segments than Azure allows', () => {
    expect(nameFault(`${'a/'.repeat(253)}b.jpg`)).toBeNull();
    expect(nameFault(`${'a/'.repeat(254)}b.jpg`)).not.toBeNull();
  });

  test.each([
    'a..b.jpg',
    '...',
    '.hidden.jpg',
    'a//b.jpg',
    '/lead.jpg',
    '100%.jpg',
    '%2e%2e/x.jpg',
    'é😀.jpg',
  ])('%s is fine', (name) => expect(nameFault(name)).toBeNull());
});

test('outputs lead back to their image, also when an image is called like an output', () => {
  for (const image of ['a.jpg', 'a.jpg.prompt.json.jpg', 'a.prompt.error.jpg']) {
    expect(ownerOf(promptName(image))).toEqual({ image, kind: 'prompt' });
    expect(ownerOf(errorName(image))).toEqual({ image, kind: 'error' });
  }
  expect(ownerOf('a.json')).toBeNull();
});
