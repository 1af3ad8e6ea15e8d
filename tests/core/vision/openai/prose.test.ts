import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isRefusal, withoutLoop, withoutMetaPhrases } from '../../../../core/vision/openai/prose.ts';

describe('A sentence about an image', () => {
  test.each([
    ['This image shows a red boat.', 'a red boat.'],
    ['The image depicts two men on a pier', 'two men on a pier'],
    ['A picture of a cat', 'a cat'],
    ['The photo is of a cat', 'a cat'],
    ['In this image, we can see a cat', 'a cat'],
    ['A photograph showing a cat', 'a cat'],
    ['Here is a caption: This picture captures a cat', 'a cat'],
    ['this vibrant image features a cat', 'a cat'],
  ])('%j is about what it shows', (sentence, subject) => {
    expect(withoutMetaPhrases(sentence)).toBe(subject);
  });

  test.each([
    'a watercolour of a cat',
    'A close-up of a cat',
    'Picture frames on a wall',
    'The photographer shows a print',
    'a man showing an image of a cat',
    'This image shows ',
  ])('%j stays as it is', (sentence) => {
    expect(withoutMetaPhrases(sentence)).toBe(sentence);
  });
});

describe('A loop', () => {
  test.each([
    ['a boat on the sea on the sea on the sea on the sea', 'a boat on the sea'],
    ['A boat. A boat, a BOAT! a boat, and a', 'A boat'],
    ['no no no no no', 'no'],
    ['赤い船と海赤い船と海赤い船と海赤い船と海赤い船', '赤い船と海'],
  ])('ends %j', (text, rest) => {
    expect(withoutLoop(text)).toBe(rest);
  });

  test.each(['no no no', 'a very, very, very old boat', '10000 boats', 'a boat, a pier, a boat, a man', ''])(
    'is not seen in %j',
    (text) => {
      expect(withoutLoop(text)).toBe(text);
    },
  );

  test('of any one to twelve words is cut after its first turn, whatever stands before it', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 4, max: 9 }),
        (turn, turns) => {
          const looped = Array.from({ length: turns }, () => turn.join(' ')).join(' ');
          const rest = withoutLoop(`boat ${looped}`);
          expect(rest.length).toBeLessThanOrEqual(`boat ${turn.join(' ')}`.length);
          expect(`boat ${looped}`.startsWith(rest)).toBe(true);
          expect(withoutLoop(rest)).toBe(rest);
        },
      ),
    );
  });
});

describe('A refusal', () => {
  test.each([
    "I'm very sorry, but I can't assist with that.",
    'Sorry, I cannot help with this image.',
    'I’m sorry, I can’t identify people in images.',
    'As an AI language model, I am unable to describe it.',
    'Unfortunately, I am not able to process this.',
    "I'm unable to identify or describe people in images.",
    "I'm sorry, but I'm not able to describe this image.",
  ])('is heard in %j', (text) => {
    expect(isRefusal(text)).toBe(true);
  });

  test.each([
    'a sorry sight',
    'a sign that says "I can\'t help it"',
    'I can see a boat',
    'a man who cannot help',
    "I can't help falling in love, says a poster on a wall",
    'I cannot help but describe this as a lovely boat',
  ])('is not heard in %j', (text) => {
    expect(isRefusal(text)).toBe(false);
  });

  test('is looked for at the beginning only, however long the text is', () => {
    expect(isRefusal(`${' '.repeat(1_000_000)}I cannot help`)).toBe(false);
  });
});
