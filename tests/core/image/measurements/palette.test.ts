import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { measurePalette } from '../../../../core/image/measurements/palette.ts';
import { BLACK, grey, paint, WHITE } from '../paint.ts';

test('a red and blue split is half red, half blue', () => {
  const palette = measurePalette(paint(64, 48, (x) => (x < 32 ? [255, 0, 0] : [0, 0, 255])));
  expect(palette.toSorted((one, other) => other.hex.localeCompare(one.hex))).toEqual([
    { hex: '#ff0000', name: 'red', share: 0.5 },
    { hex: '#0000ff', name: 'vivid blue', share: 0.5 },
  ]);
});

test('the largest share comes first', () => {
  const stripes = paint(60, 60, (x) => (x < 10 ? [200, 30, 30] : x < 30 ? WHITE : [20, 120, 60]));
  expect(measurePalette(stripes).map(({ share }) => share)).toEqual([
    expect.closeTo(0.5, 2),
    expect.closeTo(0.333, 2),
    expect.closeTo(0.167, 2),
  ]);
});

test('one colour is one colour', () => {
  expect(measurePalette(paint(64, 64, () => BLACK))).toEqual([{ hex: '#000000', name: 'black', share: 1 }]);
});

test('shades that the eye cannot tell apart are one colour', () => {
  expect(measurePalette(paint(64, 64, (x, y) => grey(110 + ((x + y) % 25))))).toHaveLength(1);
});

test('a small accent is kept, a speck is dropped and the rest still adds up', () => {
  const withSpot = (side: number) =>
    measurePalette(paint(64, 64, (x, y) => (x < side && y < side ? [240, 200, 20] : [30, 40, 60])));
  expect(withSpot(12)).toHaveLength(2);
  expect(withSpot(5)).toEqual([expect.objectContaining({ hex: '#1e283c', share: 1 })]);
});

test('a ramp of greys is named by different greys', () => {
  const palette = measurePalette(paint(64, 16, (x) => grey(4 * x)));
  expect(palette.length).toBeGreaterThanOrEqual(4);
  expect(new Set(palette.map(({ name }) => name)).size).toBeGreaterThanOrEqual(palette.length - 1);
});

test('whatever the pixels: one to six colours, sorted, whose shares add up to 1, always the same', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 300, maxLength: 300 }), (data) => {
      const palette = measurePalette({ data, width: 10, height: 10 });
      const shares = palette.map(({ share }) => share);
      expect(palette.length).toBeGreaterThan(0);
      expect(palette.length).toBeLessThanOrEqual(6);
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
      expect(shares.every((share) => share > 0)).toBe(true);
      expect(measurePalette({ data, width: 10, height: 10 })).toEqual(palette);
    }),
    { numRuns: 50 },
  );
});
