import { expect, test } from '@jest/globals';
import { parseRetryAfter } from '../../core/retry-after.ts';

const NOW = Date.UTC(2026, 9, 21, 7, 28);
const HOUR = 3_600_000;

test.each([
  ['2', 2_000],
  [' 2 ', 2_000],
  ['0.5', 500],
  ['3600', HOUR],
  ['3601', HOUR],
  ['1000000000000', HOUR],
  ['1e12', HOUR],
  ['9'.repeat(400), HOUR],
  ['Wed, 21 Oct 2026 07:28:30 GMT', 30_000],
  ['Fri, 21 Oct 2044 07:28:30 GMT', HOUR],
  ['Operation failed. Please retry after 1 second. To raise the limit, ask.', 1_000],
  ['Please retry after 20 seconds.', 20_000],
  ['retry after 300 milliseconds', 300],
])('V2: "%s" is a wait of %d ms', (said, wait) => {
  expect(parseRetryAfter(said, NOW)).toBe(wait);
});

test.each([
  undefined,
  '',
  '0',
  '-1',
  'soon',
  'NaN',
  'Infinity',
  '0x10',
  '2, 3',
  '2026-10-21T07:29:00Z',
  'Wed, 21 Oct 2026 07:28:00 GMT',
  'Wed, 21 Oct 2020 07:28:00 GMT',
  'Wed, 99 Oct 2026 07:28:00 GMT',
  'retry after 0 seconds',
  'retry after a while',
  '<html>429</html>',
])('V2: "%s" says nothing usable', (said) => {
  expect(parseRetryAfter(said, NOW)).toBeNull();
});
