import { describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { pngWithoutTexts } from '../../../core/image/png-without-texts.ts';
import { FAIL_ON, sharp } from '../../../core/image/sharp.ts';
import { iTXt, tEXt, withChunks, zTXt } from '../../fixtures/images/embedded/png-texts.ts';
import { xmpPacket, xmpProperty } from '../../fixtures/images/embedded/xmp.ts';
import { smallImage } from '../../fixtures/images/formats.ts';
import { pngChunk } from '../../fixtures/images/png.ts';

const MIB = 2 ** 20;
const png = await smallImage('png');
const packet = xmpPacket(xmpProperty('xmp:CreatorTool', 'Painter'));
const xmp = iTXt('XML:com.adobe.xmp', packet);

describe('of a PNG the decoder gets', () => {
  test('the file itself where its texts are few, short and not compressed', () => {
    const image = withChunks(png, [tEXt('parameters', 'a fox'), iTXt('Title', 'a fox'), xmp]);
    expect(pngWithoutTexts(image)).toBe(image);
  });

  test.each([
    ['a long text', tEXt('parameters', Buffer.alloc(MIB, 0xe9))],
    ['a long text in UTF-8', iTXt('parameters', Buffer.alloc(MIB, 0x61))],
    ['a text that inflates', zTXt('parameters', Buffer.alloc(MIB, 0xe9))],
    ['a text in UTF-8 that inflates', iTXt('parameters', Buffer.alloc(MIB, 0x61), true)],
    ['a text whose keyword does not end', pngChunk('iTXt', Buffer.alloc(200, 0x61))],
    ['a second XMP packet that inflates', iTXt('XML:com.adobe.xmp', Buffer.alloc(MIB), true)],
  ])('all but %s, wherever it stands', (_, text) => {
    const image = withChunks(png, [xmp]);
    expect(image.equals(pngWithoutTexts(withChunks(image, [text, text], 'after')))).toBe(true);
    if (text.includes('XML:')) return;
    expect(image.equals(pngWithoutTexts(withChunks(image, [text, tEXt('Title', 'short')])))).toBe(true);
  });

  test('no XMP packet that is longer than any that is read', () => {
    expect(pngWithoutTexts(withChunks(png, [iTXt('XML:com.adobe.xmp', Buffer.alloc(MIB, 0x61))]))).toEqual(
      png,
    );
  });

  test('the same pixels, and the same metadata but for the texts', async () => {
    const exif = pngChunk(
      'eXIf',
      Buffer.from('MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0', 'latin1'),
    );
    const image = withChunks(png, [exif, xmp, zTXt('a', 'b')]);
    const lean = Buffer.from(pngWithoutTexts(image));
    expect(await sharp(lean).metadata()).toEqual({ ...(await sharp(image).metadata()), size: lean.length });
    expect(await sharp(lean).raw().toBuffer()).toEqual(await sharp(image).raw().toBuffer());
  });

  test('what follows a length that lies as it is', () => {
    const lying = pngChunk('tEXt', Buffer.from('a\0b'));
    lying.writeUInt32BE(2 ** 31 - 1);
    const image = withChunks(png, [zTXt('a', 'b'), lying]);
    expect(pngWithoutTexts(image)).toEqual(withChunks(png, [lying]));
  });

  test('something, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(png.length), (bytes, at) => {
        const image = Buffer.concat([png.subarray(0, at), zTXt('a', 'b'), bytes, png.subarray(at)]);
        expect(pngWithoutTexts(image).length).toBeLessThanOrEqual(image.length);
      }),
    );
  });
});

/** Counts the bytes that reach sharp. */
const given: number[] = [];
const counting = Object.assign((input: Buffer, options: object) => {
  given.push(input.length);
  return sharp(input, options);
}, sharp);
jest.unstable_mockModule('../../../core/image/sharp.ts', () => ({ FAIL_ON, sharp: counting }));
const { inspectImage } = await import('../../../core/image/inspect.ts');
const { decodeImage } = await import('../../../core/image/decode.ts');

test('texts of 64 MB, stored or inflated, cost the decoder nothing', async () => {
  const image = withChunks(png, [
    tEXt('other', Buffer.alloc(64 * MIB, 0xe9)),
    ...Array.from({ length: 20 }, () => zTXt('other', Buffer.alloc(MIB, 0xe9))),
    xmp,
  ]);
  await inspectImage(image, { maxBytes: 80 * MIB, maxPixels: 1_000_000 });
  await decodeImage(image, { maxSide: 64, maxPixels: 1_000_000 });
  // The header, the first pixels for a hidden text, the header for what decoding takes, the raster.
  expect(given).toEqual([1, 2, 3, 4].map(() => png.length + xmp.length));
});
