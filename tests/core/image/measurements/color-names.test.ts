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
  ['#878787', 'grey'],
  ['#a7a7a7', 'silver'],
  ['#f4a642', 'amber'],
  ['#132447', 'navy'],
  ['#314870', 'deep slate blue'],
  ['#7a7068', 'warm grey'],
  ['#6d737a', 'cool grey'],
  ['#ffffff', 'white'],
])('people call %s %s', (hex, expected) => {
  expect(name(hex)).toBe(expected);
});

test('two shades of one colour get two names', () => {
  const names = nameColors(['#132447', '#314870', '#5a5a5a', '#808080'].map(fromHex));
  expect(names).toEqual(['navy', 'deep slate blue', 'dark grey', 'grey']);
});

test('a name is said twice rather than given to a color that it does not fit', () => {
  const greys = nameColors(['#a7a7a7', '#afafaf', '#9f9f9f', '#a3a3a3', '#ababab'].map(fromHex));
  expect(new Set(greys)).toEqual(new Set(['grey', 'silver', 'light grey']));
  const ambers = nameColors(['#fcab1c', '#f28522', '#d8a622', '#b5802e', '#f4a642'].map(fromHex));
  expect(ambers.at(-1)).toBe('amber');
  const blues = nameColors(['#5a7196', '#3d2a98', '#4379ab', '#314870'].map(fromHex));
  expect(blues.at(-1)).toMatch(/(?:slate|steel) blue/);
});

test('a grey is named by its own word or the next one, whatever the other colors took', () => {
  const words = [
    'black',
    'charcoal',
    'dark grey',
    'grey',
    'silver',
    'light grey',

    'off-white',
    'white',
  ];
  const rank = (word = '') => words.indexOf(word);
  const grey = fc.nat(255).map((level) => fromHex(`#${level.toString(16).padStart(2, '0').repeat(3)}`));
  fc.assert(
    fc.property(fc.array(grey, { minLength: 1, maxLength: 6 }), (colors) => {
      nameColors(colors).forEach((word, index) => {
        const own = nameColors(colors.slice(index, index + 1))[0];
        expect(rank(word)).toBeGreaterThanOrEqual(0);
        expect(Math.abs(rank(word) - rank(own))).toBeLessThanOrEqual(1);
      });
    }),
  );
});

test('any colour has a name of one to three plain words', () => {
  fc.assert(
    fc.property(fc.nat(0xffffff), (rgb) => {
      expect(name(`#${rgb.toString(16).padStart(6, '0')}`)).toMatch(/^[a-z-]+( [a-z-]+){0,2}$/);
    }),
  );
});
