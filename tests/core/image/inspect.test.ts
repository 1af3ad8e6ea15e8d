import { expect, test } from '@jest/globals';
import { inspectImage } from '../../../core/image/inspect.ts';
import { smallImages } from '../../fixtures/images/formats.ts';
import { hostileImages } from '../../fixtures/images/hostile.ts';
import { photo } from '../../fixtures/images/photo.ts';
import { blackPng } from '../../fixtures/images/png.ts';

const LIMITS = { maxBytes: 20 * 2 ** 20, maxPixels: 50_000_000 };

test('every format gives its size', async () => {
  for (const { format, bytes } of await smallImages()) {
    expect(await inspectImage(bytes, LIMITS)).toEqual({
      format,
      bytes: bytes.length,
      width: 160,
      height: 120,
      exifOrientation: 1,
      frames: 1,
      capturedAt: null,
      camera: null,
      recovered: null,
      provenance: null,
    });
  }
});

test('width and height are those of the upright image, whatever its orientation', async () => {
  const all = await hostileImages();
  const oriented = all.filter(({ name }) => name.startsWith('orientation-'));
  const found = await Promise.all(oriented.map(({ bytes }) => inspectImage(bytes, LIMITS)));
  expect(found.map(({ exifOrientation, width, height }) => [exifOrientation, width, height])).toEqual(
    [1, 2, 3, 4, 5, 6, 7, 8].map((orientation) => [orientation, 240, 160]),
  );
});

test('the frames of an animation are counted', async () => {
  const all = await hostileImages();
  const animations = all.filter(({ name }) => /^10000-frames\.(gif|webp)$/.test(name));
  const found = await Promise.all(animations.map(({ bytes }) => inspectImage(bytes, LIMITS)));
  expect(found.map(({ frames }) => frames)).toEqual([10_000, 10_000]);
});

test('an image of the most bytes is inspected, one more byte is refused', async () => {
  const bytes = await photo({ width: 100, height: 100 });
  const limit = { ...LIMITS, maxBytes: bytes.length };
  await expect(inspectImage(bytes, limit)).resolves.toMatchObject({ bytes: bytes.length });
  await expect(inspectImage(Buffer.concat([bytes, Buffer.of(0)]), limit)).rejects.toMatchObject({
    code: 'image-too-large',
    detail: `It has ${bytes.length + 1} bytes; at most ${bytes.length} are read.`,
  });
});

test('an image of the most pixels is inspected, one more row is refused', async () => {
  const limit = { ...LIMITS, maxPixels: 100 * 100 };
  await expect(inspectImage(blackPng({ width: 100, height: 100 }), limit)).resolves.toMatchObject({
    width: 100,
  });
  await expect(inspectImage(blackPng({ width: 100, height: 101 }), limit)).rejects.toMatchObject({
    code: 'image-too-many-pixels',
  });
});

test('a panorama of 40 to 1 is described and a longer one is not', async () => {
  await expect(inspectImage(blackPng({ width: 2000, height: 50 }), LIMITS)).resolves.toMatchObject({
    width: 2000,
  });
  await expect(inspectImage(blackPng({ width: 50, height: 2001 }), LIMITS)).rejects.toMatchObject({
    code: 'image-aspect-ratio',
  });
});

test('H19: nothing of a position, a serial number or a person leaves the inspection', async () => {
  const image = (await hostileImages()).find(({ name }) => name === 'with-position.jpg');
  const bytes = image?.bytes ?? Buffer.alloc(0);
  for (const secret of ['SECRET-body', 'SECRET-owner', 'SECRET-artist', 'SECRET-place']) {
    expect(bytes.includes(secret)).toBe(true);
  }
  const inspected = await inspectImage(bytes, LIMITS);
  expect(inspected.camera?.model).toBe('Z 6');
  expect(JSON.stringify(inspected)).not.toMatch(/SECRET|GPS|48|2948/);
});
