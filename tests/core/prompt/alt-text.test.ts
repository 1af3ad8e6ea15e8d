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
      'A dog, grass and the sky',
    );
  });

  test('quotes the text where nothing else was found', () => {
    expect(alt(seen(null, { text: [found('NO ENTRY')] }))).toBe('Image with the text "NO ENTRY"');
  });

  test('claims no more than colours where nobody looked at the image', () => {
    expect(alt()).toBe('Image, mostly burnt orange and deep navy');
    expect(alt(NOTHING_SEEN, image(EOS_R5))).toBe('Photograph, mostly burnt orange and deep navy');
  });

  test('says nothing of style, praise or the camera', () => {
    const text = 'A stunning, cinematic photo of a vibrant orange cat on a sofa, highly detailed';
    expect(alt(seen(text), image(EOS_R5))).toBe('An orange cat on a sofa');
  });

  test('does not take the prompt that an image was made from for what it shows', () => {
    const recovered = {
      generator: 'ComfyUI',
      prompt: 'a knight on a cliff',
      negativePrompt: null,
      parameters: {},
      completeness: 'full',
    } as const;
    expect(alt(NOTHING_SEEN, { ...image(), recovered })).toBe('Image, mostly burnt orange and deep navy');
  });

  test('has the words of what is there to be read, as many lines as fit', () => {
    const text = ['Umleitung', 'A7', 'Gesperrt für', '12', '居酒屋', 'Ende'].map((line) => found(line));
    expect(alt(seen('a yellow sign on a pole', { text }))).toBe(
      'A yellow sign on a pole with the text "Umleitung", "Gesperrt für" and "居酒屋"',
    );
    expect(alt(seen(`a sign on a ${'long '.repeat(13)}wall`, { text }))).toMatch(
      / with the text "Umleitung"$/,
    );
    expect(alt(seen('a man on a bus', { text }))).toBe('A man on a bus');
  });

  test('ends with a whole clause where enough is left without the cut one', () => {
    const far = 'a lone hiker at the edge of a rocky cliff, overlooking a vast valley filled with fog';
    expect(alt(seen(`${far} while snow-covered mountains rise in the background`))).toBe(`A${far.slice(1)}`);
  });

  test('ends with a whole word after at most 125 characters', () => {
    const text = alt(seen(`a cat ${'and a grey cat on a mat beside a cat '.repeat(20)}`));
    expect(text.length).toBeLessThanOrEqual(125);
    expect(text).toMatch(/ cat$/);
  });
});
