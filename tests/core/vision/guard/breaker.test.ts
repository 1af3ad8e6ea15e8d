import { describe, expect, test } from '@jest/globals';
import { FailedError, type FailureCode, RefusedError } from '../../../../core/errors.ts';
import { Breaker } from '../../../../core/vision/guard/breaker.ts';
import { SimulatedClock } from '../../../simulated-clock.ts';

const HALF_MINUTE = 30_000;

const down = () => Promise.reject(new FailedError('vision-unavailable'));
const ok = () => Promise.resolve('ok');

async function fail(breaker: Breaker, times: number, error: unknown = new FailedError('vision-timeout')) {
  for (let i = 0; i < times; i++) await breaker.run(() => Promise.reject(error)).catch(() => {});
}

async function opened() {
  const clock = new SimulatedClock();
  const breaker = new Breaker(clock);
  await fail(breaker, 5);
  expect(breaker.state).toBe('open');
  return { clock, breaker };
}

const isDeferred = (until: number) => ({ code: 'vision-circuit-open', until: new Date(until) });

describe('V12: the breaker', () => {
  test('opens after five failures in a row, and not before', async () => {
    const breaker = new Breaker(new SimulatedClock());
    await fail(breaker, 4);
    await breaker.run(ok);
    await fail(breaker, 4);
    expect(breaker.state).toBe('closed');
    await fail(breaker, 1);
    expect(breaker.state).toBe('open');
  });

  const answers: FailureCode[] = [
    'vision-throttled',
    'vision-auth',
    'vision-bad-response',
    'storage-unavailable',
  ];
  test.each([
    ...answers.map((code): [string, unknown] => [code, new FailedError(code)]),
    ['a refusal of the image', new RefusedError('vision-rejected')],
    ['a caller who went away', new Error('aborted')],
  ])('never opens because of %s', async (_name, error) => {
    const breaker = new Breaker(new SimulatedClock());
    await fail(breaker, 50, error);
    expect(breaker.state).toBe('closed');
  });

  test('asks nothing while it is open, and says until when', async () => {
    const { clock, breaker } = await opened();
    const until = clock.now() + HALF_MINUTE;
    clock.advance(HALF_MINUTE - 1);
    let calls = 0;
    const call = async () => calls++;
    await expect(breaker.run(call)).rejects.toMatchObject(isDeferred(until));
    expect(calls).toBe(0);
  });

  test('lets one call find out, and defers all others until it has', async () => {
    const { clock, breaker } = await opened();
    clock.advance(HALF_MINUTE);
    const { promise, resolve } = Promise.withResolvers<string>();
    const probe = breaker.run(() => promise);
    expect(breaker.state).toBe('half-open');
    for (let i = 0; i < 3; i++) {
      await expect(breaker.run(ok)).rejects.toMatchObject(isDeferred(clock.now() + HALF_MINUTE));
    }
    resolve('back');
    expect(await probe).toBe('back');
    expect(breaker.state).toBe('closed');
    expect(await breaker.run(ok)).toBe('ok');
  });

  test('waits twice as long after each probe that fails, but never longer than five minutes', async () => {
    const { clock, breaker } = await opened();
    for (const seconds of [30, 60, 120, 240, 300, 300]) {
      clock.advance(seconds * 1_000 - 1);
      await expect(breaker.run(down)).rejects.toMatchObject({ code: 'vision-circuit-open' });
      clock.advance(1);
      await expect(breaker.run(down)).rejects.toMatchObject({ code: 'vision-unavailable' });
    }
    clock.advance(300_000);
    await breaker.run(ok);
    await fail(breaker, 5);
    clock.advance(HALF_MINUTE);
    expect(await breaker.run(ok)).toBe('ok');
  });

  test('learns nothing from a probe whose caller went away: the next call finds out', async () => {
    const { clock, breaker } = await opened();
    clock.advance(HALF_MINUTE);
    await fail(breaker, 1, new Error('aborted'));
    expect(breaker.state).toBe('open');
    expect(await breaker.run(ok)).toBe('ok');
  });

  test('is closed by a probe that is refused: the service is there', async () => {
    const { clock, breaker } = await opened();
    clock.advance(HALF_MINUTE);
    await fail(breaker, 1, new RefusedError('vision-rejected'));
    expect(breaker.state).toBe('closed');
  });

  test('does not stay open longer because calls that were begun before it opened fail, too', async () => {
    const clock = new SimulatedClock();
    const breaker = new Breaker(clock);
    const { promise, reject } = Promise.withResolvers<never>();
    const slow = Array.from({ length: 10 }, () => breaker.run(() => promise).catch(() => {}));
    await fail(breaker, 5);
    clock.advance(HALF_MINUTE - 1);
    reject(new FailedError('vision-unavailable'));
    await Promise.all(slow);
    clock.advance(1);
    expect(await breaker.run(ok)).toBe('ok');
  });
});
