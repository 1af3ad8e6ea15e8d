import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { nameColors } from '../../../../core/image/measurements/color-names.ts';
import { fromHex } from '../../../../core/image/measurements/oklab.ts';

function name(hex: string): string | undefined {
  return nameColors([fromHex(hex)])[0];
}

test.each([
  ['#ff0000', 'red'],
  ['#0000ff', 'vivid blue'],
  ['#ffff00', 'yellow'],
  ['#008000', 'green'],
  ['#ffa500', 'amber'],
  ['#87ceeb', 'sky blue'],
  ['#008080', 'teal'],
  ['#406060', 'muted teal'],
  ['#004040', 'deep teal'],
  ['#0a1030', 'deep navy'],
  ['#ffc0cb', 'pink'],
  ['#ffe4e1', 'pale salmon'],
  ['#704214', 'brown'],
  ['#3d2b1f', 'dark brown'],
  ['#f5f5dc', 'muted cream'],
  ['#000000', 'black'],
  ['#404040', 'charcoal'],
  ['#808080', 'grey'],
  ['#7a7068', 'warm grey'],
  ['#6d737a', 'cool grey'],
  ['#ffffff', 'white'],
])('people call %s %s', (hex, expected) => {
  expect(name(hex)).toBe(expected);
});

test('two shades of one colour get two names', () => {
  const names = nameColors(['#2358d8', '#3a6ae0', '#828282', '#8a8a8a'].map(fromHex));
  expect(new Set(names).size).toBe(4);
});

test('any colour has a name of one to three plain words', () => {
  fc.assert(
    fc.property(fc.nat(0xffffff), (rgb) => {
      expect(name(`#${rgb.toString(16).padStart(6, '0')}`)).toMatch(/^[a-z-]+( [a-z-]+){0,2}$/);
    }),
  );
});
