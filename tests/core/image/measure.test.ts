import { expect, test } from '@jest/globals';
import { decodeImage } from '../../../core/image/decode.ts';
import type { Measurements, PaletteColor } from '../../../core/image/image.ts';
import { measureImage } from '../../../core/image/measure.ts';
import { fromHex, squaredDistance } from '../../../core/image/measurements/oklab.ts';
import { hostileImages } from '../../fixtures/images/hostile.ts';
import { photo } from '../../fixtures/images/photo.ts';
import { random } from '../../fixtures/images/random.ts';
import { BLACK, blurred, paint, picture, WHITE } from './paint.ts';

const SIZE = { width: 2400, height: 1600 };

async function measure(bytes: Buffer, maxSide: number): Promise<Measurements> {
  return measureImage(await decodeImage(bytes, { maxSide, maxPixels: 50_000_000 }), SIZE);
}

function difference(one: string, other: string): number {
  return Math.sqrt(squaredDistance(fromHex(one), fromHex(other)));
}

function nearest(hex: string, palette: readonly PaletteColor[]): PaletteColor {
  return palette.reduce((one, other) =>
    difference(hex, other.hex) < difference(hex, one.hex) ? other : one,
  );
}

function expectAlike(one: Measurements, other: Measurements): void {
  expect(one.palette).toHaveLength(other.palette.length);
  for (const { hex, share } of one.palette) {
    const twin = nearest(hex, other.palette);
    expect(difference(hex, twin.hex)).toBeLessThan(0.03);
    expect(Math.abs(share - twin.share)).toBeLessThan(0.03);
  }
  expect(one.light.key).toBe(other.light.key);
  expect(one.light.contrast).toBeCloseTo(other.light.contrast, 2);
  expect(one.light.saturation).toBeCloseTo(other.light.saturation, 2);
  expect(one.light.temperature / other.light.temperature).toBeCloseTo(1, 1);
  expect(one.composition).toEqual({
    ...other.composition,
    negativeSpace: expect.closeTo(other.composition.negativeSpace, 1),
    sharpness: expect.closeTo(other.composition.sharpness, 1),
  });
}

test.each([1, 2, 5])(
  'photo %i measures the same from a raster of 512 pixels and from one of 2048',
  async (seed) => {
    const bytes = await photo({ ...SIZE, seed });
    expectAlike(await measure(bytes, 512), await measure(bytes, 2048));
  },
);

test('H18: all eight orientations give the same measurements', async () => {
  const oriented = (await hostileImages()).filter(({ name }) => name.startsWith('orientation-'));
  const [upright, ...others] = await Promise.all(oriented.map(({ bytes }) => measure(bytes, 512)));
  expect(others).toHaveLength(7);
  for (const other of others) expectAlike(upright ?? other, other);
});

test('a red and blue photo of any size is half red, half blue', async () => {
  const jpeg = await picture(paint(1500, 900, (x) => (x < 750 ? [210, 30, 30] : [35, 88, 216])))
    .jpeg()
    .toBuffer();
  const { palette } = await measure(jpeg, 2048);
  expect(palette.map(({ name }) => name).toSorted()).toEqual(['blue', 'red']);
  expect(palette[0]?.share).toBeCloseTo(0.5, 1);
});

test('a photo out of focus is less sharp than the same in focus', async () => {
  const raster = await decodeImage(await photo({ width: 1200, height: 800 }), {
    maxSide: 1200,
    maxPixels: 1e6,
  });
  const [crisp, soft] = await Promise.all([
    measureImage(raster, SIZE),
    measureImage(await blurred(raster, 9), SIZE),
  ]);
  expect(crisp.composition.sharpness).toBeGreaterThan(0.8);
  expect(soft.composition.sharpness).toBeLessThan(0.5);
});

test('light is measured on detail that the palette averages: a checkerboard is black and white to it', async () => {
  const checkers = paint(512, 512, (x, y) => ((x >> 3) % 2 === (y >> 3) % 2 ? BLACK : WHITE));
  const { light } = await measureImage(checkers, checkers);
  expect(light).toMatchObject({ key: 'mid', contrast: 1, saturation: 0, temperature: 6500 });
  const fine = paint(512, 512, (x, y) => (x % 2 === y % 2 ? BLACK : WHITE));
  expect(await measureImage(fine, fine)).toMatchObject({
    light: { contrast: 1 },
    palette: [{ name: 'grey', share: 1 }],
  });
});

test('thin white lines on blue are no soft light, and noise in all colors is not muted', async () => {
  const next = random(3);
  const level = () => Math.floor(256 * next());
  const blueprint = paint(512, 512, (x, y) => (x % 16 < 2 || y % 16 < 2 ? WHITE : [20, 60, 140]));
  const noise = paint(512, 512, () => [level(), level(), level()]);
  expect((await measureImage(blueprint, blueprint)).light.contrast).toBeGreaterThan(0.4);
  expect((await measureImage(noise, noise)).light.saturation).toBeGreaterThan(0.3);
});
