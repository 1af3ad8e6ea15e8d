import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Exif } from 'sharp';
import { readExif } from '../../../core/image/exif.ts';
import { sharp } from '../../../core/image/sharp.ts';

/** The block a JPEG with these tags has. */
async function block(exif: Exif): Promise<Buffer> {
  const jpeg = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#888888' } })
    .withExif(exif)
    .jpeg()
    .toBuffer();
  return (await sharp(jpeg).metadata()).exif ?? Buffer.alloc(0);
}

const FULL: Exif = {
  IFD0: { Make: 'FUJIFILM', Model: 'X-T5' },
  IFD2: {
    LensModel: 'XF35mmF1.4 R',
    FocalLength: '35/1',
    FNumber: '14/10',
    ExposureTime: '1/125',
    ISOSpeedRatings: '400',
    DateTimeOriginal: '2024:05:01 10:20:30',
  },
};

test('the camera is read with its units', async () => {
  expect(readExif(await block(FULL))).toEqual({
    camera: {
      make: 'FUJIFILM',
      model: 'X-T5',
      lens: 'XF35mmF1.4 R',
      focalLength: 35,
      aperture: 1.4,
      exposure: 0.008,
      iso: 400,
    },
    capturedAt: '2024-05-01T10:20:30',
  });
});

test('a long exposure is told from a short one', async () => {
  expect(readExif(await block({ IFD2: { ExposureTime: '30/1' } })).camera?.exposure).toBe(30);
  expect(readExif(await block({ IFD2: { ExposureTime: '1/3' } })).camera?.exposure).toBe(0.333333);
});

test('no block, or one without camera tags, says nothing', async () => {
  const nothing = { camera: null, capturedAt: null };
  expect(readExif(undefined)).toEqual(nothing);
  expect(readExif(Buffer.alloc(0))).toEqual(nothing);
  expect(readExif(await block({ IFD0: { Software: 'paint' } }))).toEqual(nothing);
});

describe('the time of capture', () => {
  async function capturedAt(DateTimeOriginal: string, OffsetTimeOriginal = '') {
    return readExif(
      await block({ IFD2: { DateTimeOriginal, ...(OffsetTimeOriginal && { OffsetTimeOriginal }) } }),
    ).capturedAt;
  }

  test('has an offset only where the camera wrote one', async () => {
    expect(await capturedAt('2024:02:29 23:59:59')).toBe('2024-02-29T23:59:59');
    expect(await capturedAt('2024:02:29 23:59:59', '+05:30')).toBe('2024-02-29T23:59:59+05:30');
    expect(await capturedAt('2024:02:29 23:59:59', 'UTC+99')).toBe('2024-02-29T23:59:59');
  });

  test.each([
    '0000:00:00 00:00:00',
    '2023:02:29 10:00:00',
    '2024:13:01 10:00:00',
    '2024:05:01 24:00:00',
    'yesterday',
  ])('is unknown where it is %s', async (time) => {
    expect(await capturedAt(time)).toBeNull();
  });
});

describe('what cameras and attackers write', () => {
  test('text is cleaned of control characters and capped', async () => {
    const { camera } = readExif(
      await block({ IFD0: { Make: ' Can\x07on\r\nInc\x1b[31m ', Model: 'x'.repeat(500) } }),
    );
    expect(camera?.make).toBe('Can on Inc [31m');
    expect(camera?.model).toBe('x'.repeat(64));
  });

  test('a lens of dashes is no lens', async () => {
    const { camera } = readExif(await block({ IFD0: { Make: 'Canon' }, IFD2: { LensModel: '----' } }));
    expect(camera).toMatchObject({ make: 'Canon', lens: null });
  });

  test('a graph that a generator keeps in the tags of the camera is no camera', async () => {
    const tags = { Make: 'workflow:{"nodes":[]}', Model: 'prompt:{"1":{}}' };
    expect(readExif(await block({ IFD0: tags })).camera).toBeNull();
  });

  test('zero, and division by zero, are unknown', async () => {
    const tags = { FNumber: '0/1', FocalLength: '50/0', ExposureTime: '0/0', ISOSpeedRatings: '0' };
    expect(readExif(await block({ IFD2: tags })).camera).toBeNull();
  });
});

describe('broken blocks', () => {
  let good: Buffer;

  beforeAll(async () => {
    good = await block(FULL);
  });

  test('damaged anywhere or cut anywhere, a block is read as far as it goes and never throws', () => {
    const damage = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 8 });
    fc.assert(
      fc.property(damage, fc.nat(good.length), (changes, length) => {
        const broken = Buffer.from(good);
        for (const [at, byte] of changes) broken[at] = byte;
        const { camera, capturedAt } = readExif(broken.subarray(0, length));
        const texts = [camera?.make, camera?.model, camera?.lens].filter((text) => typeof text === 'string');
        const numbers = [camera?.focalLength, camera?.aperture, camera?.exposure, camera?.iso].filter(
          (number) => typeof number === 'number',
        );
        expect(texts.every((text) => /^[^\p{C}]{1,64}$/u.test(text))).toBe(true);
        expect(numbers.every((number) => Number.isFinite(number) && number > 0)).toBe(true);
        expect(capturedAt ?? '2024-05-01T10:20:30').toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/);
      }),
      { numRuns: 300 },
    );
  });

  test('a block larger than a JPEG can hold is not read', () => {
    expect(readExif(Buffer.concat([good, Buffer.alloc(64 * 1024)])).camera).toBeNull();
  });
});
