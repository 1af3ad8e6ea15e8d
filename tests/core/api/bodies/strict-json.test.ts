import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseJson } from '../../../../core/api/bodies/strict-json.ts';

const parse = (text: string) => parseJson(Buffer.from(text));

describe('H30: JSON that readers could read differently is refused', () => {
  test.each([
    ['malformed', '{"a":'],
    ['a trailing comma', '[1,]'],
    ['__proto__', '{"__proto__":{"admin":true}}'],
    ['__proto__ in escapes', '{"a":[{"\\u005f_proto__":1}]}'],
    ['a name twice', '{"a":1,"b":{},"a":2}'],
    ['a name twice, once in escapes', '{"a":1,"\\u0061":2}'],
    ['a name twice behind brackets in a string', '{"a":"}{[","b":1,"a":2}'],
    ['arrays nested 65 deep', `${'['.repeat(65)}${']'.repeat(65)}`],
    ['1 MB of nested arrays', `${'['.repeat(500_000)}${']'.repeat(500_000)}`],
  ])('%s', (_what, text) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'invalid-json' }));
  });

  test('bytes that are no UTF-8', () => {
    expect(() => parseJson(Buffer.from([0x22, 0xff, 0x22]))).toThrow('invalid-json');
  });
});

test('a byte order mark, which some readers take for a part of the text', () => {
  expect(() => parse('\ufeff{}')).toThrow('invalid-json');
});

test('the same name in two objects, and nesting of 64, are fine', () => {
  expect(parse('[{"a":1,"b":{"a":{"a":2}}},{"a":"\\"a\\":1"}]')).toEqual([
    { a: 1, b: { a: { a: 2 } } },
    { a: '"a":1' },
  ]);
  expect(parse(`${'['.repeat(64)}${']'.repeat(64)}`)).toHaveLength(1);
});

test('a string of a megabyte, all of it escapes, is read', () => {
  expect(parse(`"${'\\n'.repeat(500_000)}"`)).toHaveLength(500_000);
});

test('whatever is written as JSON is read as JSON.parse reads it', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
      const text = JSON.stringify(value);
      fc.pre(!text.includes('__proto__'));
      expect(parse(text)).toEqual(JSON.parse(text));
    }),
  );
});
