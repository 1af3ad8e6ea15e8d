import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeImage, shrinkToWebp } from '../../../core/image/decode.ts';
import { inspectImage } from '../../../core/image/inspect.ts';
import { FAIL_ON, sharp } from '../../../core/image/sharp.ts';
import { webpFirstFrames } from '../../../core/image/webp-first-frames.ts';
import { animatedWebp } from '../../fixtures/images/animated.ts';
import { smallImage } from '../../fixtures/images/formats.ts';
import { riffChunk, uint24 } from '../../fixtures/images/riff.ts';

const LIMITS = { maxBytes: 20 * 2 ** 20, maxPixels: 50_000_000 };
const CORRUPT = { code: 'image-corrupt', detail: 'The WebP data cannot be decoded.' };

const flat = (width: number, height: number, color: string) =>
  sharp({ create: { width, height, channels: 4, background: color } });

/** A patch moves; of what stays as it is from one frame to the next an encoder stores nothing. */
async function moving(backgrounds: readonly string[]): Promise<Buffer[]> {
  const patch = await flat(40, 30, '#00ff0080').png().toBuffer();
  return Promise.all(
    backgrounds.map((background, step) =>
      flat(201, 150, background)
        .composite([{ input: patch, left: 40 * step, top: 30 * step }])
        .png()
        .toBuffer(),
    ),
  );
}

const changing = await moving(['#0080ff60', '#0080ffff', '#ff8000ff', '#00ff80ff']);
const still = await moving(['#0080ffff', '#0080ffff', '#0080ffff', '#0080ffff']);
const mixed = await moving(['#0080ff60', '#0080ffff', '#0080ffff', '#0080ffff']);
const animation = (frames: Buffer[], options: object) =>
  sharp(frames, { join: { animated: true } })
    .withIccProfile('p3')
    .withMetadata({ orientation: 6 })
    .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"/>')
    .webp(options)
    .toBuffer();

describe.each([
  ['animation without losses', mixed, { lossless: true }],
  ['animation with losses', mixed, { quality: 60, loop: 3, delay: [10, 20, 30, 40] }],
  ['animation whose frames all fill the picture', changing, { lossless: true }],
  ['animation whose other frames are small', still, { lossless: true }],
])('of an %s, what the decoder gets', (_what, frames, options) => {
  test('has the metadata of the file, and its frames are counted', async () => {
    const image = await animation(frames, options);
    const { bytes, frames: count } = webpFirstFrames(image);
    expect([count, bytes.length < image.length]).toEqual([4, true]);
    const { pages, delay, size, ...whole } = await sharp(image).metadata();
    expect(pages).toBe(4);
    expect(whole).toMatchObject({ orientation: 6, width: 201 });
    expect(Object.keys(whole)).toEqual(expect.arrayContaining(['icc', 'exif', 'xmp', 'loop']));
    expect(await sharp(Buffer.from(bytes)).metadata()).toMatchObject(whole);
  });

  test.each([60, 512])('is decoded to %i pixels as that of the file is', async (maxSide) => {
    const image = await animation(frames, options);
    const { data } = await decodeImage(image, { maxSide, maxPixels: 1e6 });
    const whole = sharp(image, { failOn: FAIL_ON })
      .autoOrient()
      .resize({ width: maxSide, height: maxSide, fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb');
    expect(Buffer.from(data).equals(await whole.raw().toBuffer())).toBe(true);
  });
});

const VP8X = riffChunk('VP8X', Buffer.concat([Buffer.of(2, 0, 0, 0), uint24(199), uint24(149)]));
const ANIM = riffChunk('ANIM', Buffer.alloc(6));

/** A frame at (20, 10), and what stands behind its picture in it. */
async function frameOf(width: number, height: number, behind = Buffer.alloc(0)): Promise<Buffer> {
  const still = await flat(width, height, '#ff0000').removeAlpha().webp({ lossless: true }).toBuffer();
  const place = [uint24(10), uint24(5), uint24(width - 1), uint24(height - 1), uint24(40), Buffer.of(0)];
  return riffChunk('ANMF', Buffer.concat([...place, still.subarray(12), behind]));
}

const webp = (...chunks: readonly Buffer[]) =>
  riffChunk('RIFF', Buffer.concat([Buffer.from('WEBP'), ...chunks]));

test('a first frame that is smaller than the image stays in its place', async () => {
  const image = webp(VP8X, ANIM, large, small);
  const { data, width, height } = await decodeImage(image, { maxSide: 512, maxPixels: 1e6 });
  expect([width, height]).toEqual([200, 150]);
  expect(
    Buffer.from(data).equals(await sharp(image).flatten({ background: '#ffffff' }).raw().toBuffer()),
  ).toBe(true);
});

test('a file of one frame that is no animation is given to the decoder as it is', async () => {
  const still = await smallImage('webp');
  expect(webpFirstFrames(still)).toEqual({ bytes: still, frames: 1 });
});

const [large, small, tiny] = await Promise.all([frameOf(100, 80), frameOf(50, 40), frameOf(1, 1)]);
const many = Buffer.concat(Array.from({ length: 100_000 }, () => tiny));
const crowded = await frameOf(50, 40, many);

describe('the decoder gets few bytes', () => {
  test.each([
    ['of many frames', [VP8X, ANIM, small, many], 100_001],
    ['of a frame with others behind its picture', [VP8X, ANIM, crowded], 1],
    ['of many profiles', [VP8X, ...Array(1_000).fill(riffChunk('ICCP', Buffer.alloc(4))), ANIM, small], 1],
    [
      'of many frames, and chunks that nobody knows',
      [VP8X, ANIM, small, many, riffChunk('????', many)],
      100_001,
    ],
  ])('%s', async (_what, chunks, count) => {
    const image = webp(...chunks);
    expect(webpFirstFrames(image).bytes.length).toBeLessThan(500);
    expect(await inspectImage(image, LIMITS)).toMatchObject({ frames: count, width: 200, height: 150 });
    const options = { maxSide: 64, maxPixels: 1e6 };
    await expect(shrinkToWebp(image, options)).resolves.toHaveProperty('length');
  });
});

describe('is refused as damaged', () => {
  const whole = webp(VP8X, ANIM, large, small);
  const withLength = (length: number) => {
    const copy = Buffer.from(whole);
    copy.writeUInt32LE(length, whole.length - small.length + 4);
    return copy;
  };
  test.each([
    ['what is cut', whole.subarray(0, -3)],
    ['what is cut between two frames', whole.subarray(0, -small.length)],
    ['a last frame that is longer than the file', withLength(2 ** 31)],
    ['a last frame that ends a little before it', withLength(small.length - 14)],
    ['what ends with half a chunk', webp(VP8X, ANIM, large, Buffer.from('ANM'))],
    ['no frame at all', webp(VP8X, ANIM)],
    ['a frame without a picture', webp(VP8X, ANIM, riffChunk('ANMF', Buffer.alloc(16)), small)],
    [
      'a frame of other chunks',
      webp(VP8X, ANIM, riffChunk('ANMF', Buffer.concat([Buffer.alloc(16), large]))),
    ],
    ['a picture of its own among frames', webp(VP8X, ANIM, large, large.subarray(24))],
  ])('%s', async (_what, image) => {
    await expect(inspectImage(image, LIMITS)).rejects.toMatchObject(CORRUPT);
    await expect(decodeImage(image, { maxSide: 64, maxPixels: 1e6 })).rejects.toMatchObject(CORRUPT);
  });

  test('or is made smaller, whatever the bytes are', async () => {
    const image = await animatedWebp(3);
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 40 }),
        fc.integer({ min: 21, max: image.length }),
        (bytes, at) => {
          const spoilt = Buffer.concat([image.subarray(0, at), bytes, image.subarray(at + bytes.length)]);
          try {
            expect(webpFirstFrames(spoilt).bytes.length).toBeLessThanOrEqual(spoilt.length);
          } catch (error) {
            expect(error).toMatchObject(CORRUPT);
          }
        },
      ),
    );
  });
});
