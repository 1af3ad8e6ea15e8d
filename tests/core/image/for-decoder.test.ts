import { availableParallelism } from 'node:os';
import { setImmediate as turn } from 'node:timers/promises';
import { beforeEach, expect, jest, test } from '@jest/globals';
import { decoding } from '../../../core/image/decoding.ts';
import { FAIL_ON, sharp } from '../../../core/image/sharp.ts';
import { smallImage } from '../../fixtures/images/formats.ts';
import { riffChunk, uint24 } from '../../fixtures/images/riff.ts';
import { sequence } from '../../fixtures/images/sequence.ts';

const LIMITS = { maxBytes: 20 * 2 ** 20, maxPixels: 1_000_000 };

/** What reaches the decoder. */
const given: Buffer[] = [];
const watched = Object.assign((input: Buffer, options: object) => {
  given.push(input);
  return sharp(input, options);
}, sharp);
jest.unstable_mockModule('../../../core/image/sharp.ts', () => ({ FAIL_ON, sharp: watched }));
beforeEach(() => {
  given.length = 0;
});
const { inspectImage } = await import('../../../core/image/inspect.ts');
const { decodeImage } = await import('../../../core/image/decode.ts');

const still = await sharp({ create: { width: 64, height: 64, channels: 4, background: '#ff000080' } })
  .webp({ lossless: true })
  .toBuffer();

/** Near its beginning stands by what it may be one that hides a text. */
const UNKNOWN = riffChunk('????', Buffer.from('VP8L'));

function animation(frames: number): Buffer {
  const side = uint24(63);
  const picture = still.subarray(still.indexOf('VP8L'));
  const place = [Buffer.alloc(6), side, side, uint24(40), Buffer.of(2)];
  const frame = riffChunk('ANMF', Buffer.concat([...place, picture]));
  return riffChunk(
    'RIFF',
    Buffer.concat([
      ...[Buffer.from('WEBP'), riffChunk('VP8X', Buffer.concat([Buffer.of(0x12, 0, 0, 0), side, side]))],
      ...[UNKNOWN, riffChunk('ANIM', Buffer.alloc(6))],
      ...Array.from({ length: frames }, () => frame),
    ]),
  );
}

test('an animation of 100,000 frames costs the decoder what its first frame does', async () => {
  const image = animation(100_000);
  expect(await inspectImage(image, LIMITS)).toMatchObject({ frames: 100_000 });
  await decodeImage(image, { maxSide: 64, maxPixels: LIMITS.maxPixels });
  // The header, the first pixels for a hidden text, the header again, the raster.
  const first = animation(1).length - UNKNOWN.length;
  expect(given.map(({ length }) => length)).toEqual([first, first, first, first]);
});

test('a sequence of images beside an AVIF is none of its business', async () => {
  const image = Buffer.concat([await smallImage('avif'), sequence(10)]);
  await inspectImage(image, LIMITS);
  await decodeImage(image, { maxSide: 64, maxPixels: LIMITS.maxPixels });
  expect(given.map((input) => input.includes('moov'))).toEqual([false, false, false]);
});

test('even headers are read no more at once than there are cores', async () => {
  const held = Promise.withResolvers<void>();
  const holding = Array.from({ length: availableParallelism() }, () => decoding(() => held.promise));
  const inspected = inspectImage(animation(1), LIMITS);
  const deadline = performance.now() + 20_000;
  while (decoding.pendingCount < 1 && performance.now() < deadline) await turn();
  expect([decoding.pendingCount, given.length]).toEqual([1, 0]);
  held.resolve();
  await Promise.all(holding);
  expect(await inspected).toMatchObject({ frames: 1 });
});
