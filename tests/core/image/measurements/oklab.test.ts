import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { chroma, fromHex, MAX_CHROMA, toHex, toOklab } from '../../../../core/image/measurements/oklab.ts';

test('white, black and the primaries are where Ottosson puts them', () => {
  const near = (L: number, a: number, b: number) => ({
    L: expect.closeTo(L, 3),
    a: expect.closeTo(a, 3),
    b: expect.closeTo(b, 3),
  });
  expect(toOklab(255, 255, 255)).toEqual(near(1, 0, 0));
  expect(toOklab(0, 0, 0)).toEqual(near(0, 0, 0));
  expect(toOklab(255, 0, 0)).toEqual(near(0.628, 0.225, 0.126));
  expect(toOklab(0, 255, 0)).toEqual(near(0.866, -0.234, 0.179));
  expect(toOklab(0, 0, 255)).toEqual(near(0.452, -0.032, -0.312));
});

test('every sRGB colour survives the way there and back, and none is more vivid than magenta', () => {
  const byte = fc.nat(255);
  fc.assert(
    fc.property(byte, byte, byte, (red, green, blue) => {
      const hex = `#${Buffer.of(red, green, blue).toString('hex')}`;
      expect(toHex(fromHex(hex))).toBe(hex);
      expect(chroma(fromHex(hex))).toBeLessThan(MAX_CHROMA);
    }),
  );
});

test('a colour outside sRGB is clipped to it', () => {
  expect(toHex({ L: 1.5, a: 0, b: 0 })).toBe('#ffffff');
  expect(toHex({ L: -0.5, a: 0, b: 0 })).toBe('#000000');
});
