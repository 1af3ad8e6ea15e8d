import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { decodeImage } from '../../../core/image/decode.ts';
import { readHeader } from '../../../core/image/header.ts';
import { decodeLimit, heldBytes } from '../../../core/image/held-bytes.ts';
import type { ImageFormat } from '../../../core/image/image.ts';
import { sharp } from '../../../core/image/sharp.ts';
import { PNG_SIGNATURE, pngChunk, uint32 } from '../../fixtures/images/png.ts';
import { jpegOfSeveralScans } from '../../fixtures/images/several-scans.ts';

const MIB = 2 ** 20;

/** What decoding anything takes, whatever its size. */
const SMALL = 16 * MIB;

const CHILD = fileURLToPath(new URL('./decode-process.ts', import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'decodes-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Bytes of memory that a process takes for so many decodes of the image at once. */
async function taken(image: Buffer, times: number): Promise<number> {
  const file = join(folder, 'image');
  await writeFile(file, image);
  const { stdout } = await promisify(execFile)(process.execPath, [CHILD, file, `${times}`], {
    env: { PATH: process.env.PATH, MALLOC_ARENA_MAX: '2' },
    timeout: 50_000,
  });
  return Number(stdout);
}

const flat = (channels: 3 | 4, width: number, height = width) =>
  sharp({ create: { width, height, channels, background: { r: 90, g: 120, b: 30, alpha: 0.5 } } });

/** Pixels that lossless formats cannot make smaller. */
function noise(side: number) {
  const pixels = Buffer.alloc(side * side * 4);
  for (let at = 0; at < pixels.length; at++) pixels[at] = (Math.imul(at, 2_654_435_761) >>> 24) & 7;
  return sharp(pixels, { raw: { width: side, height: side, channels: 4 } });
}

const IMAGES: readonly (readonly [what: string, format: ImageFormat, make: () => Promise<Buffer>])[] = [
  [
    'progressive JPEG',
    'jpeg',
    () => flat(3, 4_000).jpeg({ progressive: true, chromaSubsampling: '4:4:4' }).toBuffer(),
  ],
  [
    'progressive JPEG of four inks',
    'jpeg',
    () => flat(3, 2_800).toColourspace('cmyk').jpeg({ progressive: true }).toBuffer(),
  ],
  ['JPEG of several scans', 'jpeg', async () => jpegOfSeveralScans(4_000)],
  ['interlaced PNG', 'png', () => flat(4, 3_500).png({ progressive: true, compressionLevel: 1 }).toBuffer()],
  [
    'interlaced PNG of 16 bits',
    'png',
    () => flat(4, 3_000).toColourspace('rgb16').png({ progressive: true, compressionLevel: 1 }).toBuffer(),
  ],
  ['wide PNG', 'png', () => flat(4, 32_000, 800).png({ compressionLevel: 1 }).toBuffer()],
  [
    'PNG of 16 bits',
    'png',
    () => flat(4, 4_000).toColourspace('rgb16').png({ compressionLevel: 1 }).toBuffer(),
  ],
  ['GIF', 'gif', () => flat(4, 4_000).gif({ effort: 1 }).toBuffer()],
  ['lossless WebP', 'webp', () => noise(2_400).webp({ lossless: true, effort: 0 }).toBuffer()],
  [
    'TIFF of one tile',
    'tiff',
    () =>
      flat(3, 4_096)
        .tiff({ compression: 'deflate', tile: true, tileWidth: 4_096, tileHeight: 4_096 })
        .toBuffer(),
  ],
  ['AVIF', 'avif', () => flat(4, 4_000).avif({ effort: 0, chromaSubsampling: '4:4:4' }).toBuffer()],
  [
    'AVIF of 10 bits',
    'avif',
    () => flat(4, 3_400).toColourspace('rgb16').avif({ effort: 0, bitdepth: 10 }).toBuffer(),
  ],
];

describe('Decoding takes no more memory than is counted for it:', () => {
  test.each(IMAGES)('%s', async (_what, format, make) => {
    const image = await make();
    const counted = heldBytes(await readHeader(image, format), format);
    expect(await taken(image, 1)).toBeLessThan(counted + SMALL);
  });
});

test('all decodes at once have a share of the host, within bounds that hold where its memory cannot be read', () => {
  const limits = [256, 512, 1_024, 2_048, 65_536].map((host) => decodeLimit(50_000_000, host * MIB) / 1e6);
  expect(limits.map(Math.round)).toEqual([320, 320, 591, 1_000, 1_000]);
  expect(decodeLimit(1_000_000, 512 * MIB)).toBe(320e6);
  expect(decodeLimit(400_000_000, 512 * MIB)).toBe(2_560e6);
});

test('two of the largest images that a host of 512 MiB decodes take no more memory at once than one', async () => {
  expect(await taken(jpegOfSeveralScans(7_056), 2)).toBeLessThan(320e6 + SMALL);
});

/** Without its pixels: nobody gets as far. */
function interlacedHeader(side: number): Buffer {
  const rgba16AndInterlaced = Buffer.of(16, 6, 0, 0, 1);
  const header = pngChunk('IHDR', Buffer.concat([uint32(side), uint32(side), rgba16AndInterlaced]));
  return Buffer.concat([PNG_SIGNATURE, header, pngChunk('IDAT', Buffer.alloc(9))]);
}

test('an image that would take too much memory is refused before it is decoded, but not where there is more', async () => {
  const options = { maxSide: 512, maxPixels: 50_000_000 };
  const decode = (maxBytes: number) => decodeImage(interlacedHeader(6_000), { ...options, maxBytes });
  await expect(decode(320e6)).rejects.toMatchObject({
    code: 'image-too-many-pixels',
    detail:
      'It is 6000 x 6000 pixels; to decode this PNG takes 346 MB, and this host has 320 MB for all that are decoded at once.',
  });
  await expect(decode(350e6)).rejects.toMatchObject({ code: 'image-corrupt' });
});
