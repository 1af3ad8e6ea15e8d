import { beforeEach, describe, expect, test } from '@jest/globals';
import { Windows } from '../../../../core/api/guards/windows.ts';

let now: number;
beforeEach(() => {
  now = 1_000;
});
const windows = () => new Windows({ requests: 2, windowMs: 60_000 }, () => now);

describe('a window', () => {
  test('begins with the first request, and allows so many until it ends', () => {
    const counted = windows();
    expect(counted.take('a')).toEqual({ isAllowed: true, left: 1, endsIn: 60_000 });
    now += 59_000;
    expect(counted.take('a')).toEqual({ isAllowed: true, left: 0, endsIn: 1_000 });
    expect(counted.take('a')).toEqual({ isAllowed: false, left: 0, endsIn: 1_000 });
    now += 1_000;
    expect(counted.take('a')).toEqual({ isAllowed: true, left: 1, endsIn: 60_000 });
  });

  test('does not get longer by being asked in vain', () => {
    const counted = windows();
    for (let request = 0; request < 50; request++) counted.take('a');
    now += 60_000;
    expect(counted.take('a').isAllowed).toBe(true);
  });

  test("is each client's own", () => {
    const counted = windows();
    counted.take('a');
    counted.take('a');
    expect([counted.take('a').isAllowed, counted.take('b').isAllowed]).toEqual([false, true]);
  });
});

test('Of very many clients the ones that have been silent longest are forgotten, and no other', () => {
  const counted = windows();
  counted.take('busy');
  counted.take('busy');
  counted.take('silent');
  counted.take('silent');
  for (let client = 0; client < 9_998; client++) counted.take(`${client}`);
  expect(counted.take('busy').isAllowed).toBe(false);
  counted.take('one too many');
  expect(counted.take('busy').isAllowed).toBe(false);
  expect(counted.take('silent').isAllowed).toBe(true);
});
