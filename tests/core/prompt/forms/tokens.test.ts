import { expect, test } from '@jest/globals';
import { CLIP, estimateTokens, T5 } from '../../../../core/prompt/forms/tokens.ts';

/** Counted with CLIP's own vocabulary (bpe_simple_vocab_16e6), without the two tokens that it adds itself. */
const COUNTED: readonly (readonly [text: string, tokens: number])[] = [
  ['a photo of a cat', 5],
  ['a photograph of an astronaut riding a horse', 8],
  ['85 mm, f/1.8', 9],
  ['lowres, jpeg artifacts, watermark, blurry', 11],
  ['\\(cat\\)', 5],
  [
    'a red fishing boat moored in a small harbour at dusk, a white cabin, a man standing on a pier, sky, low-key, golden-hour light, palette of slate blue, burnt orange and charcoal, subject centered, shot at 20 mm, f/8',
    57,
  ],
  [
    'a woman with long hair looking out of a window, portrait, indoors, warm, soft light, muted palette of taupe, cream and charcoal, subject centered, generous negative space, shot at 85 mm, f/1.8',
    48,
  ],
  [
    'a neon sign that says "OPEN 24 HOURS", at night, in the rain, a wet street with reflections, a person with an umbrella, low-key, cool light with high contrast, vivid palette of black, magenta and cyan, shot at 35 mm, f/2',
    59,
  ],
  [
    'a wrist watch, close-up, strap, the text "AUTOMATIC" and "12", high-key light, muted palette of white, silver and navy, centered composition, generous negative space, sharp focus, shot at 90 mm, f/4',
    53,
  ],
  [
    'a living room with a couch and a coffee table, pillows, a plant in a pot, a lamp on a side table, a rug, warm, soft light, palette of beige, sage and sienna, subject centered, detail filling the frame, shot at 35 mm, f/2',
    59,
  ],
  [
    'low-key, warm light with high contrast, palette of burnt orange, deep navy and charcoal, composition weighted to the right, generous negative space, shot at 85 mm, f/1.8',
    41,
  ],
];

test.each(COUNTED)(
  'the estimate for "%s" is hardly below what CLIP counts, and a third above at most',
  (text, tokens) => {
    expect(estimateTokens(text)).toBeGreaterThanOrEqual(tokens - 1);
    expect(estimateTokens(text)).toBeLessThanOrEqual(Math.ceil(tokens * 1.34));
  },
);

test('what is estimated leaves room for its error', () => {
  expect(CLIP.room).toBeLessThanOrEqual(0.9 * CLIP.limit);
  expect(T5.room).toBeLessThanOrEqual(0.8 * T5.limit);
});

test.each([
  ['', 0],
  [' \t\n', 0],
  ['strength', 2],
  ['hmm', 3],
  ['é', 2],
  ['日本', 6],
  ['👍', 4],
  ['\ud800', 2],
])('%j counts %i', (text, tokens) => {
  expect(estimateTokens(text)).toBe(tokens);
});
