import { describe, expect, test } from '@jest/globals';
import { noticeLine, reportLine, welcome } from '../../containerapp/local/words.ts';
import { parseConfig } from '../../core/config.ts';
import type { Outcome } from '../../core/describe/outcome.ts';
import { DeferredError, FailedError, RefusedError } from '../../core/errors.ts';
import type { Handled } from '../../core/queue/handle-message.ts';

const PLACES = { address: 'http://127.0.0.1:8000', poison: 'image-events-poison' };
const WHERE = 'http://127.0.0.1:8000/api/prompts/in/a%20b.jpg';

const say = (handled: Handled) => reportLine({ id: 'm', handled, milliseconds: 12.3 }, PLACES);

function sayOutcome(outcome: Outcome, { name = 'in/a b.jpg', comesBack = false } = {}): string | null {
  return say({ status: 'handled', event: { container: 'images', name }, outcome, comesBack });
}

describe('What local mode says of a message', () => {
  test.each<[string, Outcome, string]>([
    [
      'one that had its prompt',
      { status: 'done', document: null },
      `in/a b.jpg (12 ms) had its prompt  ${WHERE}`,
    ],
    ['one that is gone', { status: 'gone' }, 'in/a b.jpg (12 ms)'],
    [
      'one that is refused',
      { status: 'refused', error: new RefusedError('empty-image') },
      `in/a b.jpg (12 ms) empty-image: The image is empty.  ${WHERE}`,
    ],
  ])('of %s', (_which, outcome, line) => {
    expect(sayOutcome(outcome)).toBe(`${outcome.status.padEnd(9)}${line}`);
  });

  test('a failure with attempts left is tried again; after the last it says where the message lies', () => {
    const outcome = {
      status: 'failed',
      error: new FailedError('vision-unavailable', { cause: new Error('connect ECONNREFUSED') }),
    } as const;
    const failed =
      'failed   in/a b.jpg (12 ms) vision-unavailable: The vision service does not answer. ← connect ECONNREFUSED';
    expect(sayOutcome(outcome, { comesBack: true })).toBe(`${failed} It is tried again.`);
    expect(sayOutcome(outcome)).toBe(
      `${failed} It lies in the queue image-events-poison; when it is tried again: ${WHERE}`,
    );
  });

  test('what was put off says until when', () => {
    const until = new Date(Date.UTC(2026, 0, 2));
    const outcome = {
      status: 'deferred',
      until,
      error: new DeferredError('vision-limit-spent', until),
    } as const;
    expect(sayOutcome(outcome)).toMatch(
      /^deferred .*vision-limit-spent: .* It is tried again at 2026-01-02T00:00:00\.000Z\.$/,
    );
  });

  test('B20: what is no event of an image says why, and where it lies', () => {
    expect(say({ status: 'malformed', reason: 'schema' })).toBe(
      'set aside a message. It is no event of an image. It lies in the queue image-events-poison.',
    );
  });

  test('of the others it says nothing', () => {
    expect([say({ status: 'ignored', name: 'a.txt' }), say({ status: 'given-back' })]).toEqual([null, null]);
  });

  test('an image whose name no path can have is shown where it is listed', () => {
    expect(sayOutcome({ status: 'done', document: null }, { name: 'a%2F b.jpg' })).toBe(
      'done     a%2F b.jpg (12 ms) had its prompt  http://127.0.0.1:8000/api/prompts?prefix=a%252F%20b.jpg',
    );
  });

  test('a name cannot steer the terminal', () => {
    const name = 'a\u001b[2J\u202eb.jpg';
    expect(sayOutcome({ status: 'gone' }, { name })).toBe('gone     a?[2J?b.jpg (12 ms)');
    expect(noticeLine({ kind: 'unusable', name })).toMatch(/^refused {2}a\?\[2J\?b\.jpg invalid-name: /);
  });
});

test.each([
  [1, '1 image was there'],
  [7, '7 images were there'],
])('of older images it says that there are %i, and the setting that describes them', (count, said) => {
  expect(noticeLine({ kind: 'older', count })).toMatch(new RegExp(`^${said} .*BACKFILL=on`));
});

test('a start that is paused says so, and by which setting', () => {
  const words = (env: Record<string, string>) =>
    welcome({
      ...{ address: PLACES.address, storage: null, isNear: true, container: 'images' },
      config: parseConfig(env, { storage: 'optional' }),
    });
  expect(words({ PAUSED: 'true' })).toMatch(/^PAUSED=true: nothing is described/m);
  expect(words({})).not.toContain('PAUSED');
});
