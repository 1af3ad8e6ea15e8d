import { beforeAll, describe, expect, test } from '@jest/globals';
import { RefusedError } from '../../../core/errors.ts';
import { decodeImage } from '../../../core/image/decode.ts';
import { inspectImage } from '../../../core/image/inspect.ts';
import { type HostileImage, hostileImages } from '../../fixtures/images/hostile.ts';

const LIMITS = { maxBytes: 20 * 2 ** 20, maxPixels: 50_000_000 };

let images: HostileImage[];

beforeAll(async () => {
  images = await hostileImages();
});

async function refusal(attempt: Promise<unknown>): Promise<RefusedError | undefined> {
  try {
    await attempt;
  } catch (error) {
    if (error instanceof RefusedError) return error;
    throw error;
  }
  return undefined;
}

/** What the image is answered, and whether any pixel had to be decoded for it. */
async function judge({ bytes }: HostileImage, maxSide: number) {
  const early = await refusal(inspectImage(bytes, LIMITS));
  if (early) return { code: early.code, detail: early.detail, decoded: false };
  const late = await refusal(decodeImage(bytes, { maxSide, maxPixels: LIMITS.maxPixels }));
  return { code: late?.code ?? 'described', detail: late?.detail, decoded: true };
}

const ROWS: readonly (readonly [id: string, what: string])[] = [
  ['H1', 'nothing at all'],
  ['H2', 'a byte or a signature'],
  ['H3', 'files that are no images'],
  ['H4', 'images sent as something else'],
  ['H5', 'a JPEG cut in half'],
  ['H6', 'a JPEG that lacks only its end marker'],
  ['H7', 'images without their pixels'],
  ['H8', 'a JPEG with flipped bytes'],
  ['H9', 'images that are also something else'],
  ['H10', 'a PNG of 900 megapixels in 109 KB'],
  ['H11', 'a PNG just under what libvips allows'],
  ['H12', 'a GIF header that asks for 16 GB'],
  ['H13', 'impossible sizes'],
  ['H14', 'images a hundred thousand times as long as wide'],
  ['H15', 'images around the smallest size'],
  ['H16', 'images around the longest side'],
  ['H17', 'animations of 10,000 frames'],
  ['H18', 'every kind of pixel and all eight orientations'],
  ['H19', 'hostile metadata'],
  ['H20', 'SVG drawings'],
  ['H21', 'formats that are described and formats that are not'],
];

describe.each([512, 2048])('with a raster of %i pixels', (maxSide) => {
  test.each(ROWS)('%s: %s: each is answered as the matrix says', async (id) => {
    const row = images.filter((image) => image.id === id);
    const answers = await Promise.all(
      row.map(async (image) => [image.name, (await judge(image, maxSide)).code]),
    );
    expect(answers.length).toBeGreaterThan(0);
    expect(answers).toEqual(row.map(({ name, expect: expected }) => [name, expected]));
  });
});

test('only damage among the pixels costs a decode', async () => {
  for (const image of images.filter((each) => each.expect !== 'described')) {
    const { code, decoded } = await judge(image, 512);
    if (decoded)
      expect([image.name, code]).toEqual([image.name, expect.stringMatching(/^image-(truncated|corrupt)$/)]);
  }
});

test('every refusal says why in public words', async () => {
  for (const image of images.filter((each) => each.expect !== 'described' && each.expect !== 'empty-image')) {
    const { detail } = await judge(image, 512);
    expect([image.name, detail]).toEqual([
      image.name,
      expect.stringMatching(/^(This|It|The) [^\n]{10,120}\.$/),
    ]);
    expect(detail).not.toMatch(/vips|buffer|libpng|seek/i);
  }
});

test('images a hundred times over the pixel limit take no memory', async () => {
  const giants = images.filter(({ expect: expected }) => expected === 'image-too-many-pixels');
  const before = process.memoryUsage().rss;
  for (let round = 0; round < 20; round++) await Promise.all(giants.map((image) => judge(image, 512)));
  expect(process.memoryUsage().rss - before).toBeLessThan(50 * 2 ** 20);
});
