import { expect, test } from '@jest/globals';
import { measureLight } from '../../../../core/image/measurements/light.ts';
import { BLACK, grey, isInDisc, paint, WHITE } from '../paint.ts';

test('a grey ramp has no saturation', () => {
  expect(measureLight(paint(64, 64, (x) => grey(4 * x))).saturation).toBe(0);
});

test('magenta is as vivid as sRGB gets, and half of it is half as vivid', () => {
  expect(measureLight(paint(64, 64, () => [255, 0, 255])).saturation).toBeCloseTo(1, 2);
  expect(measureLight(paint(64, 64, (x) => (x < 32 ? [255, 0, 255] : WHITE))).saturation).toBeCloseTo(0.5, 2);
});

test('one tone has no contrast, half black and half white has all of it', () => {
  expect(measureLight(paint(64, 64, () => grey(90))).contrast).toBe(0);
  expect(measureLight(paint(64, 64, (x) => (x < 32 ? BLACK : WHITE))).contrast).toBe(1);
});

test('a backlit disc is high contrast, the same disc in fog is not', () => {
  const disc = { x: 32, y: 32, radius: 20 };
  const backlit = paint(64, 64, (x, y) => (isInDisc(x, y, disc) ? grey(12) : WHITE));
  const inFog = paint(64, 64, (x, y) => (isInDisc(x, y, disc) ? grey(180) : grey(210)));
  expect(measureLight(backlit).contrast).toBeGreaterThan(0.7);
  expect(measureLight(inFog).contrast).toBeLessThan(0.15);
});

test('night is low-key, snow is high-key, and mid-grey is neither', () => {
  const keys = [grey(25), grey(119), grey(235)].map((color) => measureLight(paint(8, 8, () => color)).key);
  expect(keys).toEqual(['low', 'mid', 'high']);
});

test('the temperature is that of the mean colour', () => {
  expect(measureLight(paint(8, 8, () => WHITE)).temperature).toBe(6500);
  const sunset = paint(8, 8, (x) => (x < 4 ? [255, 180, 107] : grey(128)));
  expect(measureLight(sunset).temperature).toBeLessThan(4500);
});
