import { beforeAll, describe, expect, test } from '@jest/globals';
import { parts } from '../../../../core/image/embedded/parts.ts';
import { readStealth } from '../../../../core/image/embedded/stealth.ts';
import { sharp } from '../../../../core/image/sharp.ts';
import { withChunks } from '../../../fixtures/images/embedded/png-texts.ts';
import { hideBytes, withStealth } from '../../../fixtures/images/embedded/stealth.ts';
import { smallImage } from '../../../fixtures/images/formats.ts';
import { pngChunk } from '../../../fixtures/images/png.ts';

const TEXT = 'a fox 狐';
const RGB = { channel: 'rgb', compressed: true } as const;
const ALPHA = { channel: 'alpha', compressed: true } as const;

let png: Buffer;

beforeAll(async () => {
  png = await smallImage('png');
});

async function read(image: Buffer) {
  const { width, height, hasAlpha, format } = await sharp(image).metadata();
  // The images below are of these formats.
  return readStealth(image, { format: format as 'png' | 'webp' | 'jpeg', width, height, hasAlpha });
}

describe('a hidden text is found', () => {
  test('in colours whose profile would change them', async () => {
    const profiled = await sharp(png).withIccProfile('p3').png().toBuffer();
    const profile = [...parts(profiled, 'png')].find(({ type }) => type === 'iCCP');
    const hidden = await withStealth(png, TEXT, RGB);
    const image = withChunks(hidden, [pngChunk('iCCP', profile?.data ?? Buffer.alloc(0))]);
    expect((await sharp(image).metadata()).hasProfile).toBe(true);
    expect(await read(image)).toBe(TEXT);
  });

  test('in an image that is stored on its side, as it is stored', async () => {
    const hidden = await withStealth(png, TEXT, ALPHA);
    const exif = Buffer.from('MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0', 'latin1');
    const image = withChunks(hidden, [pngChunk('eXIf', exif)]);
    expect((await sharp(image).metadata()).orientation).toBe(6);
    expect(await read(image)).toBe(TEXT);
  });

  test('in an image lower than its signature is long', async () => {
    const low = await sharp(png).resize(400, 50, { fit: 'fill' }).toBuffer();
    expect(await read(await withStealth(low, TEXT, ALPHA))).toBe(TEXT);
    expect(await read(await withStealth(low, TEXT, RGB))).toBe(TEXT);
  });
});

describe('nothing is hidden', () => {
  test('in images without the signature, or with its beginning alone', async () => {
    expect(await read(png)).toBeNull();
    expect(await read(await sharp(png).ensureAlpha(0).png().toBuffer())).toBeNull();
    expect(await read(await hideBytes(png, Buffer.from('stealth_pngother'), 'alpha'))).toBeNull();
    expect(await read(await hideBytes(png, Buffer.from('s'), 'alpha'))).toBeNull();
  });

  test('in formats and kinds of pixels that no generator hides it in', async () => {
    const hidden = await withStealth(png, TEXT, RGB);
    for (const image of [
      await sharp(hidden).jpeg().toBuffer(),
      await sharp(hidden).webp().toBuffer(),
      await sharp(hidden).png({ progressive: true }).toBuffer(),
      await sharp(hidden).png({ palette: true }).toBuffer(),
    ]) {
      expect(await read(image)).toBeNull();
    }
  });

  test('where it would inflate to more than any text has', async () => {
    const large = await sharp(png).resize(512, 512, { fit: 'fill' }).png().toBuffer();
    await expect(read(await withStealth(large, Buffer.alloc(2 ** 21), ALPHA))).rejects.toThrow();
  });
});
