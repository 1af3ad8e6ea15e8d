import { createHash } from 'node:crypto';
import { type Clock, dateIn, orAborted } from '../../../../core/clock.ts';
import { DeferredError, FailedError, RefusedError } from '../../../../core/errors.ts';
import { NOTHING_FOUND, type Vision } from '../../../../core/vision/vision.ts';
import { bytesOf } from './contents.ts';
import type { Payments } from './payments.ts';
import type { SteppedProcess } from './process.ts';

export const VISION = 'vision';

/**
 * A provider that is paid for every answer. What becomes of a call is told as that of one of storage: `fails` is a
 * service that does not answer, `repeated` one that throttles, `lost` the day's limit.
 */
export function paidVision(process: SteppedProcess, payments: Payments, clock: Clock): Vision {
  return {
    provider: 'azure-vision',
    model: 'model',
    needsPixels: true,
    async analyze(image, { signal }) {
      const bytes = await image.jpeg();
      const call = { target: VISION, operation: 'send', name: '', signal } as const;
      const fate = await orAborted(process.decide(call), signal);
      if (fate === 'fails') throw new FailedError('vision-unavailable');
      if (fate === 'repeated') throw new DeferredError('vision-throttled', dateIn(clock, 20_000));
      if (fate === 'lost') throw new DeferredError('vision-limit-spent', dateIn(clock, 3_600_000));
      if (bytesOf('filtered').equals(bytes)) throw new RefusedError('content-filtered');
      if (fate !== 'dies') payments.pay(process, createHash('sha256').update(bytes).digest('hex'));
      if (fate !== 'ok') return new Promise<never>(() => {});
      return { ...NOTHING_FOUND, provider: 'azure-vision', degraded: false, reason: null };
    },
  };
}
