import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { shrinkToWebp } from '../../../core/image/decode.ts';
import { sharp } from '../../../core/image/sharp.ts';

const flat = (side: number) =>
  sharp({
    create: { width: side, height: side, channels: 4, background: { r: 9, g: 9, b: 9, alpha: 0.5 } },
  });
const OPTIONS = { maxSide: 64, maxPixels: 5e7 };

/** Of three decodes: how many libvips works on at once at most, and how many it has then, with those that wait in it. */
async function mostAtOnce(image: Buffer) {
  const most = { worked: 0, known: 0 };
  let isRunning = true;
  const watching = (async () => {
    while (isRunning) {
      const { queue, process } = sharp.counters();
      most.worked = Math.max(most.worked, process);
      most.known = Math.max(most.known, queue + process);
      await turn();
    }
  })();
  await Promise.all(Array.from({ length: 3 }, () => shrinkToWebp(image, OPTIONS)));
  isRunning = false;
  await watching;
  return most;
}

test.each([
  ['interlaced PNG of 16 bits', () => flat(3_000).toColourspace('rgb16').png({ progressive: true })],
  ['interlaced PNG', () => flat(4_200).png({ progressive: true })],
  ['GIF', () => flat(4_200).gif({ effort: 1 })],
])('a large %s, which is decoded as a whole, is decoded alone', async (_what, image) => {
  expect((await mostAtOnce(await image().toBuffer())).worked).toBe(1);
});

test.each([
  ['PNG', () => flat(4_200).png()],
  ['small interlaced PNG', () => flat(1_000).png({ progressive: true })],
])('a %s is decoded beside others', async (_what, image) => {
  expect((await mostAtOnce(await image().toBuffer())).known).toBeGreaterThan(2);
});
