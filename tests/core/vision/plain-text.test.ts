import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { plainText } from '../../../core/vision/plain-text.ts';

test('Line breaks, tabs and control characters become single spaces', () => {
  expect(plainText(' a\tred\r\n\u2028boat\u0007\u0085at\u0000\u001b[31m sea ', 100)).toBe(
    'a red boat at [31m sea',
  );
});

test('What is invisible and steers readers or models is taken out', () => {
  expect(plainText('pay\u202Egpj.\u2066exe\u200B\uFEFF\u{E0041}\u{E007F}\u{E0100}\uFFF9\u3164', 100)).toBe(
    'paygpj.exe',
  );
});

test('The joiners that Persian and emoji are spelled with stay', () => {
  for (const text of ['می\u200Cخواهم', '👩\u200D🚀 on the moon', 'I ❤\uFE0F boats'])
    expect(plainText(text, 100)).toBe(text);
});

test('A text is cut at its limit, but never within a character', () => {
  expect(plainText('boats', 4)).toBe('boat');
  expect(plainText('ab🚤', 3)).toBe('ab');
  expect(plainText('ab cd', 3)).toBe('ab');
});

test('Whatever the text, the result is well formed, short, on one line and stays the same when cleaned again', () => {
  const text = fc.string({ unit: 'binary' });
  fc.assert(
    fc.property(
      fc.oneof(text, fc.string({ unit: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)) })),
      (input) => {
        const clean = plainText(input, 20);
        expect(clean.length).toBeLessThanOrEqual(20);
        expect(clean.isWellFormed()).toBe(true);
        expect(clean).not.toMatch(/[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/u);
        expect(plainText(clean, 20)).toBe(clean);
      },
    ),
  );
});
