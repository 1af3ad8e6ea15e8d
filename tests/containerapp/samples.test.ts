import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import ExifReader from 'exifreader';
import sharp from 'sharp';
import { type SampleImage, sampleImages } from '../../containerapp/samples/index.ts';
import { AMPLE_MS } from '../until.ts';

async function paintSamples(): Promise<SampleImage[]> {
  const images: SampleImage[] = [];
  for await (const image of sampleImages(AbortSignal.timeout(AMPLE_MS))) images.push(image);
  return images;
}

/** Short enough to be shown when it differs. */
const hash = ({ bytes }: SampleImage) => createHash('sha256').update(bytes).digest('hex');

const exif = (bytes: Uint8Array) => ExifReader.load(Buffer.from(bytes));

describe('the sample images', () => {
  let images: SampleImage[];

  beforeAll(async () => {
    images = await paintSamples();
  });

  const image = (part: string): SampleImage => {
    const found = images.find(({ name }) => name.includes(part));
    if (!found) throw new Error(`There is no sample image called ${part}.`);
    return found;
  };

  /** Mean of red, green and blue, 0 to 255. */
  const meanColor = async (part: string) => {
    const { data } = await sharp(image(part).bytes).resize(1, 1).raw().toBuffer({ resolveWithObject: true });
    const [red = 0, green = 0, blue = 0] = data;
    return {
      red,
      green,
      blue,
      light: (red + green + blue) / 3,
      spread: Math.max(...data) - Math.min(...data),
    };
  };

  test('are four, under names of their own, in three shapes', async () => {
    expect(new Set(images.map(({ name }) => name)).size).toBe(4);
    const shapes = await Promise.all(
      images.map(async ({ bytes, contentType }) => {
        const { format, width, height } = await sharp(bytes).metadata();
        expect(contentType).toBe(`image/${format}`);
        return `${format} ${width}x${height}`;
      }),
    );
    expect(shapes).toEqual(['jpeg 1080x720', 'jpeg 1136x640', 'jpeg 720x1080', 'webp 900x900']);
  });

  test('decode to the last pixel', async () => {
    for (const { bytes } of images)
      await expect(sharp(bytes, { failOn: 'warning' }).stats()).resolves.toBeDefined();
  });

  test('look different enough for their prompts to differ', async () => {
    const [sunset, night, forest, oranges] = await Promise.all(
      ['sunset', 'night', 'forest', 'oranges'].map(meanColor),
    );
    expect(sunset?.red).toBeGreaterThan((sunset?.blue ?? 255) + 20);
    expect(night?.light).toBeLessThan(60);
    expect(night?.blue).toBeGreaterThan((night?.red ?? 255) + 20);
    expect(forest?.light).toBeGreaterThan(180);
    expect(forest?.spread).toBeLessThan(20);
    expect(oranges?.red).toBeGreaterThan((oranges?.blue ?? 255) + 40);
  });

  test('name a made-up camera, its lens and the exposure, and no place', () => {
    for (const { bytes } of images) {
      const tags = exif(bytes);
      expect(tags.Make?.description).toBe('Sample Optics');
      expect(tags.Model?.description).toMatch(/^Atelier /);
      expect(tags.LensModel?.description).toMatch(/mm f\//);
      expect(tags.DateTimeOriginal?.description).toMatch(/^2026:\d\d:\d\d \d\d:\d\d:\d\d$/);
      expect(tags.ISOSpeedRatings?.value).toBeGreaterThanOrEqual(100);
      expect(Object.keys(tags).filter((tag) => tag.startsWith('GPS'))).toEqual([]);
    }
    const { FocalLength, FNumber, ExposureTime } = exif(image('night').bytes);
    expect([FocalLength?.value, FNumber?.value, ExposureTime?.value]).toEqual([
      [20, 1],
      [14, 10],
      [8, 1],
    ]);
    expect(exif(image('sunset').bytes).ExposureTime?.value).toEqual([1, 500]);
  });

  test('have the same bytes every time', async () => {
    expect((await paintSamples()).map(hash)).toEqual(images.map(hash));
  });
});
