import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { aspectRatio } from '../../../../core/image/measurements/aspect.ts';

test.each([
  [1999, 1333, '3:2'],
  [1920, 1080, '16:9'],
  [4000, 3000, '4:3'],
  [1366, 768, '16:9'],
  [1080, 1350, '4:5'],
  [1080, 1920, '9:16'],
  [500, 503, '1:1'],
  [2000, 1000, '2:1'],
  [3440, 1440, '12:5'],
  [2000, 50, '40:1'],
])('%i x %i is %s', (width, height, aspect) => {
  expect(aspectRatio(width, height)).toBe(aspect);
});

test('any ratio is met within one per cent by small integers, and turns with the image', () => {
  const side = fc.integer({ min: 50, max: 20000 });
  fc.assert(
    fc.property(side, side, (width, height) => {
      const aspect = aspectRatio(width, height);
      const [across = 0, down = 0] = aspect.split(':').map(Number);
      expect(Math.abs((across / down) * (height / width) - 1)).toBeLessThan(0.0102);
      expect(Math.min(across, down)).toBeLessThanOrEqual(50);
      if (width !== height) expect(aspectRatio(height, width)).toBe(`${down}:${across}`);
    }),
  );
});
