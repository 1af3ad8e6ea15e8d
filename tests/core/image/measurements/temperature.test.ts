import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { toLinear } from '../../../../core/image/measurements/oklab.ts';
import { colorTemperature } from '../../../../core/image/measurements/temperature.ts';

function temperature(red: number, green: number, blue: number): number {
  return colorTemperature(toLinear(red), toLinear(green), toLinear(blue));
}

test('the white of sRGB, and every grey, is neutral', () => {
  for (const level of [8, 60, 128, 255]) expect(temperature(level, level, level)).toBe(6500);
});

test.each([
  [2000, 255, 137, 14],
  [3000, 255, 180, 107],
  [4500, 255, 219, 186],
  [10000, 204, 219, 255],
])(
  'the colour of a black body of %i K has that temperature, give or take a tenth',
  (kelvin, red, green, blue) => {
    expect(temperature(red, green, blue) / kelvin).toBeCloseTo(1, 0);
    expect(Math.abs(temperature(red, green, blue) / kelvin - 1)).toBeLessThan(0.1);
  },
);

test('black has no colour and is neutral', () => {
  expect(temperature(0, 0, 0)).toBe(6500);
  expect(temperature(0, 0, 3)).toBe(6500);
});

test('saturated colours are held to the range: red is warm and blue is cool', () => {
  expect(temperature(255, 0, 0)).toBeLessThan(2000);
  expect(temperature(0, 0, 255)).toBe(40000);
  expect(temperature(30, 60, 255)).toBe(40000);
});

test('more blue for less red is never warmer', () => {
  const steps = Array.from({ length: 52 }, (_, step) => temperature(255 - 5 * step, 128, 5 * step));
  expect(steps).toEqual(steps.toSorted((one, other) => one - other));
});

test('any colour gives a temperature from 1000 to 40000 K', () => {
  const channel = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(channel, channel, channel, (red, green, blue) => {
      const kelvin = colorTemperature(red, green, blue);
      expect(kelvin).toBeGreaterThanOrEqual(1000);
      expect(kelvin).toBeLessThanOrEqual(40000);
    }),
  );
});
