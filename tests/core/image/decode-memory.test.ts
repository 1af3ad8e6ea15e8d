import { expect, test } from '@jest/globals';
import { DecodeMemory } from '../../../core/image/decode-memory.ts';

/** A memory of so many bytes, and decodes that last until they are ended. */
function workshop(limit = 10) {
  const memory = new DecodeMemory();
  const began: string[] = [];
  const decode = (name: string, bytes: number) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const done = memory.hold({ bytes, limit }, () => {
      began.push(name);
      return promise;
    });
    const end = () => {
      resolve();
      return done;
    };
    const fail = () => {
      reject(new Error('corrupt'));
      return done.catch(() => {});
    };
    return { end, fail };
  };
  return { began, decode };
}

test('decodes begin at once as long as there is memory, then in the order of coming', async () => {
  const { began, decode } = workshop();
  const first = decode('first', 6);
  const second = decode('second', 4);
  decode('large', 7);
  decode('small', 1);
  await Promise.resolve();
  expect(began).toEqual(['first', 'second']);
  await second.end();
  // There is room for it, but then a large one might never have its turn.
  expect(began).toEqual(['first', 'second']);
  await first.end();
  expect(began).toEqual(['first', 'second', 'large', 'small']);
});

test('what is more than there is runs alone', async () => {
  const { began, decode } = workshop();
  const small = decode('small', 1);
  const large = decode('large', 11);
  decode('next', 1);
  await small.end();
  expect(began).toEqual(['small', 'large']);
  await large.end();
  expect(began).toEqual(['small', 'large', 'next']);
});

test('a decode that fails gives back what it had', async () => {
  const { began, decode } = workshop();
  const first = decode('first', 10);
  decode('second', 10);
  await first.fail();
  expect(began).toEqual(['first', 'second']);
});

test('fractions of bytes add up to nothing that would keep all others waiting', async () => {
  const limit = 320e6;
  const { began, decode } = workshop(limit);
  const webp = decode('WebP', 4.4 * (2_959 * 1_547));
  const large = decode('large JPEG', 2.1 * (5_367 * 4_974 * 3));
  await webp.end();
  const small = decode('small JPEG', 2.1 * (1_952 * 3_098 * 3));
  await large.end();
  await small.end();
  decode('all there is', limit);
  await Promise.resolve();
  expect(began.at(-1)).toBe('all there is');
});
