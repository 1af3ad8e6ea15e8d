import { describe, expect, test } from '@jest/globals';
import { altText } from '../../../core/prompt/alt-text.ts';
import { collectFacts } from '../../../core/prompt/facts.ts';
import { EOS_R5, found, image, measurements, NOTHING_SEEN, seen, tags } from './samples.ts';

const alt = (analysis = NOTHING_SEEN, of = image()) =>
  altText(collectFacts({ image: of, measurements: measurements({ light: { key: 'low' } }), analysis }));

describe('the alt text', () => {
  test('is the caption without talk about the picture, its light or its camera', () => {
    expect(alt(seen('a close up of a cat on a sofa', { tags: tags('indoor') }), image(EOS_R5))).toBe(
      'A cat on a sofa',
    );
  });

  test('names objects and tags where there is no caption', () => {
    expect(alt(seen(null, { tags: tags('grass', 'sky'), objects: [found('Dog')] }))).toBe(
      'Dog, grass and sky',
    );
  });

  test('quotes the text where nothing else was found', () => {
    expect(alt(seen(null, { text: [found('NO ENTRY')] }))).toBe('Image with the text "NO ENTRY"');
  });

  test('claims no more than colours where nobody looked at the image', () => {
    expect(alt()).toBe('Image, mostly burnt orange and deep navy');
    expect(alt(NOTHING_SEEN, image(EOS_R5))).toBe('Photograph, mostly burnt orange and deep navy');
  });

  test('ends with a whole word after at most 125 characters', () => {
    const text = alt(seen(`a cat ${'and another cat '.repeat(20)}`));
    expect(text.length).toBeLessThanOrEqual(125);
    expect(text).toMatch(/ (?:cat|and|another)$/);
  });
});
