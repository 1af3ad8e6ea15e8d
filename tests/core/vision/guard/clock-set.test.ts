import { describe, expect, test } from '@jest/globals';
import { DeferredError, FailedError } from '../../../../core/errors.ts';
import { Breaker } from '../../../../core/vision/guard/breaker.ts';
import { Pace } from '../../../../core/vision/guard/pace.ts';
import { SimulatedClock } from '../../../simulated-clock.ts';

const { signal } = new AbortController();
const HOUR = 60 * 60_000;

describe('P4: a clock that is set', () => {
  test.each([HOUR, -HOUR])('by %i ms neither holds up nor hurries the pace', async (jump) => {
    const clock = new SimulatedClock();
    const pace = new Pace(1, clock);
    const begun: number[] = [];
    const call = async () => {
      await pace.turn(clock.elapsed() + 10_000, signal);
      begun.push(clock.elapsed());
    };
    await call();
    clock.set(jump);
    await clock.runUntilSettled(Promise.all([call(), call()]));
    const [first = 0, second = 0, third = 0] = begun;
    expect([second - first, third - second]).toEqual([1_050, 1_050]);
  });

  test.each([HOUR, -HOUR])(
    'by %i ms opens no circuit sooner or later, and dates are its own',
    async (jump) => {
      const clock = new SimulatedClock();
      const breaker = new Breaker(clock);
      const down = () => Promise.reject(new FailedError('vision-unavailable'));
      for (let i = 0; i < 5; i++) await breaker.run(down).catch(() => {});
      clock.set(jump);
      const refused = await breaker.run(async () => 'ok').catch((error) => error);
      expect(refused).toBeInstanceOf(DeferredError);
      expect(refused.until).toEqual(new Date(clock.now() + 30_000));
      clock.advance(30_000);
      expect(await breaker.run(async () => 'ok')).toBe('ok');
    },
  );
});
