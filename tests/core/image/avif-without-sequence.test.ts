import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { avifWithoutSequence } from '../../../core/image/avif-without-sequence.ts';
import { decodeImage } from '../../../core/image/decode.ts';
import { inspectImage } from '../../../core/image/inspect.ts';
import { smallImage } from '../../fixtures/images/formats.ts';
import { uint32 } from '../../fixtures/images/png.ts';
import { box, sequence } from '../../fixtures/images/sequence.ts';

const MIB = 2 ** 20;
const LIMITS = { maxBytes: 20 * MIB, maxPixels: 50_000_000 };

const avif = await smallImage('avif');
const with17Million = Buffer.concat([avif, sequence(17_000_000)]);

test('a sequence of 17 million images beside an image takes no memory', async () => {
  const before = process.resourceUsage().maxRSS;
  const { bytes, ...inspected } = await inspectImage(with17Million, LIMITS);
  expect({ bytes: avif.length, ...inspected }).toEqual(await inspectImage(avif, LIMITS));
  const options = { maxSide: 64, maxPixels: LIMITS.maxPixels };
  expect(await decodeImage(with17Million, options)).toEqual(await decodeImage(avif, options));
  // In kilobytes.
  expect((process.resourceUsage().maxRSS - before) / 1024).toBeLessThan(200);
});

test('an AVIF without a sequence is given to the decoder as it is', () => {
  expect(avifWithoutSequence(avif)).toBe(avif);
});

test('one that is a sequence first of all is read as its image', async () => {
  const named = Buffer.from(avif);
  named.write('avis', 8, 'latin1');
  const image = Buffer.concat([named, sequence(10)]);
  expect(await inspectImage(image, LIMITS)).toMatchObject({ format: 'avif', width: 160, height: 120 });
  const options = { maxSide: 64, maxPixels: LIMITS.maxPixels };
  expect(await decodeImage(image, options)).toEqual(await decodeImage(avif, options));
});

const large = (type: string, content: Buffer) =>
  Buffer.concat([uint32(1), Buffer.from(type), uint32(0), uint32(16 + content.length), content]);

test.each([
  ['behind others', [box('free', Buffer.alloc(9)), box('moov'), box('moov', Buffer.from('moov'))], 2],
  ['with a size of 64 bits', [large('skip', Buffer.alloc(5)), large('moov', Buffer.alloc(7))], 1],
  ['up to the end', [uint32(0), Buffer.from('moov')], 1],
  ['longer than the file', [uint32(2 ** 32 - 1), Buffer.from('moov')], 1],
  ['in another box', [box('skip', box('moov'))], 0],
])('sequences %s are passed over, and nothing else changes', (_where, boxes, count) => {
  const image = Buffer.concat([avif, ...boxes]);
  const without = Buffer.from(avifWithoutSequence(image));
  const changed = [...without].filter((byte, at) => byte !== image[at]);
  expect([without.length, Buffer.from(changed).toString()]).toEqual([image.length, 'free'.repeat(count)]);
});

test.each([
  ['a box shorter than its header', uint32(4)],
  ['one with a size of 64 bits', large('skip', Buffer.alloc(0)).fill(15, 15)],
])('what follows %s is left out', async (_what, short) => {
  const image = Buffer.concat([avif, short, sequence(10)]);
  expect(avif.equals(avifWithoutSequence(image))).toBe(true);
  expect(await inspectImage(image, LIMITS)).toMatchObject({ width: 160, height: 120 });
});

test('whatever the bytes are, it ends', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(100), (bytes, at) => {
      const image = Buffer.concat([bytes.subarray(0, at), box('moov'), bytes.subarray(at)]);
      expect(avifWithoutSequence(image).length).toBeLessThanOrEqual(image.length);
    }),
  );
});
