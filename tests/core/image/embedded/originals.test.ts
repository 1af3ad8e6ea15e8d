import { beforeAll, describe, expect, test } from '@jest/globals';
import { inspectImage } from '../../../../core/image/inspect.ts';
import type { Original } from '../../../fixtures/images/embedded/infotexts.ts';
import { originals } from '../../../fixtures/images/embedded/originals.ts';

const LIMITS = { maxBytes: 20 * 2 ** 20, maxPixels: 50_000_000 };

let images: Original[];

beforeAll(async () => {
  images = await originals();
});

describe('an original prompt', () => {
  test('is recovered byte for byte from what each generator writes, in each of its variants', async () => {
    expect(images.length).toBeGreaterThan(50);
    for (const { name, bytes, generator, prompt, negativePrompt } of images) {
      const { recovered } = await inspectImage(bytes, LIMITS);
      expect([name, recovered]).toEqual([
        name,
        { generator, prompt, negativePrompt, parameters: expect.anything(), completeness: 'full' },
      ]);
    }
  });
});
