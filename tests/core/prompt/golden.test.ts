import { describe, expect, test } from '@jest/globals';
import { GOLDEN, goldenForms } from './golden/all.ts';

test('there are at least forty golden cases, each with a name of its own', () => {
  expect(new Set(GOLDEN.map(({ name }) => name)).size).toBe(GOLDEN.length);
  expect(GOLDEN.length).toBeGreaterThanOrEqual(40);
});

describe.each(GOLDEN)('of $name', (golden) => {
  test('every prompt is what a prompt writer would write', () => {
    expect(goldenForms(golden)).toEqual(golden.expected);
  });
});
