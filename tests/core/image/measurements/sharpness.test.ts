import { expect, test } from '@jest/globals';
import { toLuma } from '../../../../core/image/measurements/luma.ts';
import { measureSharpness } from '../../../../core/image/measurements/sharpness.ts';
import { random } from '../../../fixtures/images/random.ts';
import { blurred, grey, isInDisc, paint } from '../paint.ts';

const checkers = (dark: number, bright: number) =>
  paint(512, 384, (x, y) => grey(((x >> 4) + (y >> 4)) % 2 === 0 ? dark : bright));

test('the more a picture is blurred, the lower it scores', async () => {
  const crisp = checkers(20, 220);
  const pictures = [crisp, ...(await Promise.all([1, 2, 4].map((sigma) => blurred(crisp, sigma))))];
  const [none = 0, slight = 0, clear = 0, strong = 0] = pictures.map((picture) =>
    measureSharpness(toLuma(picture)),
  );
  expect(none).toBe(1);
  expect(slight).toBeLessThan(0.8);
  expect(clear).toBeLessThan(slight - 0.15);
  expect(strong).toBeLessThan(clear - 0.1);
});

test('contrast does not matter: a pale picture in focus is as crisp as a bold one', async () => {
  const [bold, pale] = [checkers(20, 220), checkers(100, 160)].map((picture) =>
    measureSharpness(toLuma(picture)),
  );
  expect(pale).toBe(bold);
});

test('one crisp subject before an empty or blurred ground makes a crisp picture', async () => {
  const disc = { x: 250, y: 200, radius: 60 };
  const ground = await blurred(checkers(60, 140), 12);
  const subject = paint(512, 384, (x, y) =>
    isInDisc(x, y, disc) ? grey(240) : grey(ground.data[(y * 512 + x) * 3] ?? 0),
  );
  expect(measureSharpness(toLuma(subject))).toBeGreaterThan(0.8);
});

test('the grain of a sensor is no sharpness, and neither is a blank page', () => {
  const next = random(3);
  expect(measureSharpness(toLuma(paint(512, 384, () => grey(128 + 6 * next()))))).toBe(0);
  expect(measureSharpness(toLuma(paint(512, 384, () => grey(255))))).toBe(0);
});
