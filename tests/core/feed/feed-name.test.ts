import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { feedName, imageLabel, labelledImage } from '../../../core/feed/feed-name.ts';
import { MAX_IMAGE_NAME, nameFault } from '../../../core/store/names.ts';

const hash = (name: string) => createHash('sha256').update(name).digest('hex').slice(0, 12);

/** Names that images can have. */
const imageNames = fc
  .string({ unit: 'binary', minLength: 1, maxLength: MAX_IMAGE_NAME })
  .filter((name) => nameFault(name) === null);

describe('The name of an entry of the feed', () => {
  test.each([
    ['holiday/cat.jpg', 'cat'],
    ['cat.jpg', 'cat'],
    ['a.b.c.png', 'a.b.c'],
    ['no-extension', 'no-extension'],
    ['folder/.jpg', 'image'],
    ['猫と犬.webp', '猫と犬'],
    ['what?: "a" <b>|*#50%~.jpg', 'what__ _a_ _b____50__'],
    ['back\\slash.jpg', 'back_slash'],
    [' . spaced .jpg', 'spaced'],
  ])('of %j begins with %j', (name, stem) => {
    expect(feedName(name)).toBe(`${stem}-${hash(name)}.prompt.json`);
  });

  test('differs for images of the same name in two folders, and of two formats', () => {
    const names = ['a/cat.jpg', 'b/cat.jpg', 'cat.jpg', 'cat.png'].map(feedName);
    expect(new Set(names).size).toBe(4);
  });

  test('cuts a long stem, but never through a pair of surrogates', () => {
    expect(feedName(`${'a'.repeat(63)}🐈🐈.jpg`)).toMatch(/^a{63}-[0-9a-f]{12}\.prompt\.json$/);
  });

  test('is a file name everywhere, whatever the image is called', () => {
    fc.assert(
      fc.property(imageNames, (name) => {
        const made = feedName(name);
        expect(nameFault(made)).toBeNull();
        expect(made).not.toMatch(/["*:<>?/\\|]|^[\s.]/);
        expect(Buffer.byteLength(made)).toBeLessThanOrEqual(255);
      }),
    );
  });
});

describe('The label of an entry', () => {
  test('is legible where the name is', () => {
    expect(imageLabel('holiday/my cat.jpg')).toBe('holiday%2Fmy%20cat.jpg');
  });

  test('leads back to any name, fits into metadata and is printable ASCII', () => {
    fc.assert(
      fc.property(imageNames, (name) => {
        const image = imageLabel(name);
        expect(labelledImage({ image })).toBe(name);
        expect(image).toMatch(/^[\x21-\x7e]{1,7000}$/);
      }),
    );
    const longest = '猫'.repeat(MAX_IMAGE_NAME);
    expect(imageLabel(longest).length).toBeLessThan(7_000);
    expect(labelledImage({ image: imageLabel(longest) })).toBe(longest);
  });

  test('of someone else leads nowhere', () => {
    expect([labelledImage({}), labelledImage({ image: '%zz' })]).toEqual([null, null]);
  });
});
