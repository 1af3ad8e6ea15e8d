import { expect, test } from '@jest/globals';
import { decodeImage, shrinkRaster, shrinkToJpeg } from '../../../core/image/decode.ts';
import type { Raster } from '../../../core/image/image.ts';
import { sharp } from '../../../core/image/sharp.ts';
import { smallImages } from '../../fixtures/images/formats.ts';
import { hostileImages } from '../../fixtures/images/hostile.ts';
import { photo } from '../../fixtures/images/photo.ts';
import { PRIVATE_EXIF } from '../../fixtures/images/unusual.ts';
import { BLACK, paint, picture, WHITE } from './paint.ts';

const OPTIONS = { maxSide: 512, maxPixels: 50_000_000 };

/** Mean absolute difference of two rasters of the same size, 0 to 255. */
function difference(one: Raster, other: Raster): number {
  expect([one.width, one.height]).toEqual([other.width, other.height]);
  return (
    one.data.reduce((sum, byte, at) => sum + Math.abs(byte - (other.data[at] ?? 0)), 0) / one.data.length
  );
}

async function hostile(name: string): Promise<Buffer> {
  return (await hostileImages()).find((image) => image.name === name)?.bytes ?? Buffer.alloc(0);
}

test('every format gives the same picture', async () => {
  const rasters = await Promise.all((await smallImages()).map(({ bytes }) => decodeImage(bytes, OPTIONS)));
  const [first, ...others] = rasters;
  for (const other of others) expect(difference(first ?? other, other)).toBeLessThan(10);
});

test('a large image is shrunk to the longest side, a small one is not enlarged', async () => {
  const large = await decodeImage(await photo({ width: 1500, height: 1000 }), OPTIONS);
  expect([large.width, large.height, large.data.length]).toEqual([512, 341, 512 * 341 * 3]);
  const small = await decodeImage(await photo({ width: 120, height: 300 }), OPTIONS);
  expect([small.width, small.height]).toEqual([120, 300]);
});

test('all eight orientations give the same upright picture', async () => {
  const upright = await decodeImage(await hostile('orientation-1.jpg'), OPTIONS);
  for (const orientation of [2, 3, 4, 5, 6, 7, 8]) {
    const turned = await decodeImage(await hostile(`orientation-${orientation}.jpg`), OPTIONS);
    expect(difference(upright, turned)).toBeLessThan(4);
  }
});

test('what is transparent is white', async () => {
  const clear = await decodeImage(await hostile('transparent.png'), OPTIONS);
  expect(clear.data.every((byte) => byte === 255)).toBe(true);
  const half = await sharp({ create: { width: 60, height: 60, channels: 4, background: '#00000080' } })
    .png()
    .toBuffer();
  const { data } = await decodeImage(half, OPTIONS);
  expect(Math.abs((data[0] ?? 0) - 127)).toBeLessThan(3);
});

test('only the first frame of an animation is decoded', async () => {
  const frames = [BLACK, WHITE].map((color) =>
    picture(paint(64, 64, () => color))
      .png()
      .toBuffer(),
  );
  const gif = await sharp(await Promise.all(frames), { join: { animated: true } })
    .gif()
    .toBuffer();
  const raster = await decodeImage(gif, OPTIONS);
  expect([raster.width, raster.height, raster.data[0]]).toEqual([64, 64, 0]);
});

test('colours of a wider profile become those of sRGB', async () => {
  const plain = await decodeImage(await hostile('orientation-1.jpg'), OPTIONS);
  const wide = await decodeImage(await hostile('display-p3.jpg'), OPTIONS);
  expect(difference(plain, wide)).toBeLessThan(5);
});

test('H6: a JPEG without its end marker shows all of its pixels', async () => {
  const bytes = await photo({ width: 400, height: 300 });
  const whole = await decodeImage(bytes, OPTIONS);
  expect(difference(whole, await decodeImage(bytes.subarray(0, -2), OPTIONS))).toBe(0);
});

test('H5: a JPEG cut anywhere is found, also where the decoder shrinks it', async () => {
  const bytes = await photo({ width: 2400, height: 1600 });
  for (const part of [0.1, 0.3, 0.6, 0.9, 0.95]) {
    await expect(decodeImage(bytes.subarray(0, bytes.length * part), OPTIONS)).rejects.toMatchObject({
      code: 'image-truncated',
    });
  }
});

test('H20: an SVG is not decoded, even by who did not inspect it', async () => {
  const svg = await hostile('reads-a-file.svg');
  await expect(decodeImage(svg, OPTIONS)).rejects.toMatchObject({ code: 'unsupported-image' });
  await expect(sharp(svg).metadata()).rejects.toThrow(/unsupported image format/);
});

test('more pixels than allowed are not decoded, even by who did not inspect them', async () => {
  const bytes = await photo({ width: 200, height: 200 });
  await expect(decodeImage(bytes, { ...OPTIONS, maxPixels: 100 })).rejects.toMatchObject({
    code: 'image-corrupt',
  });
});

test('an aborted caller gets its own reason', async () => {
  const reason = new Error('the caller has left');
  const bytes = await photo({ width: 200, height: 200 });
  await expect(decodeImage(bytes, { ...OPTIONS, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});

test('what an aborted caller sent is not even looked at', async () => {
  const reason = new Error('the caller has left');
  const signal = AbortSignal.abort(reason);
  await expect(decodeImage(Buffer.from('no image'), { ...OPTIONS, signal })).rejects.toBe(reason);
});

test('what is sent is a JPEG of the same picture without any metadata', async () => {
  const bytes = await photo({ width: 800, height: 600, exif: PRIVATE_EXIF });
  const raster = await decodeImage(bytes, OPTIONS);
  const jpeg = await shrinkToJpeg(bytes, OPTIONS);
  const { format, width, height, exif, icc, xmp, iptc } = await sharp(jpeg.bytes).metadata();
  expect({ format, width, height, exif, icc, xmp, iptc }).toEqual({
    ...{ format: 'jpeg', width: raster.width, height: raster.height },
    ...{ exif: undefined, icc: undefined, xmp: undefined, iptc: undefined },
  });
  expect(difference(raster, await decodeImage(jpeg.bytes, OPTIONS))).toBeLessThan(6);
});

test('a raster is shrunk to a longest side and left alone where it is short enough', async () => {
  const raster = paint(400, 100, () => WHITE);
  expect(await shrinkRaster(raster, 64)).toMatchObject({ width: 64, height: 16 });
  expect(await shrinkRaster(raster, 400)).toBe(raster);
});
