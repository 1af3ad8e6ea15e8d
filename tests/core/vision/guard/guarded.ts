import { azureVision } from '../../../../core/vision/azure-vision/azure-vision.ts';
import { byResourceKey } from '../../../../core/vision/azure-vision/client.ts';
import { type GuardOptions, guardVision } from '../../../../core/vision/guard/guard.ts';
import type { Vision } from '../../../../core/vision/vision.ts';
import type { VisionServer } from '../../../faults/vision-server.ts';
import { SimulatedClock } from '../../../simulated-clock.ts';
import { picture } from '../picture.ts';

interface Options extends Partial<GuardOptions> {
  readonly server: VisionServer;
  /** The key the provider uses at each call; without one, the right key. */
  readonly key?: () => string;
  /** What the clock says of chance. */
  readonly chance?: number;
  /** What the clock says at first, in milliseconds since the epoch. */
  readonly now?: number;
}

/** The Azure provider behind the guard, over HTTP, with a clock of its own. */
export function guarded({ server, key = () => server.key, chance, now, ...options }: Options) {
  const clock = new SimulatedClock({
    ...(chance === undefined ? {} : { chance }),
    ...(now === undefined ? {} : { start: now }),
  });
  const endpoint = new URL(server.endpoint);
  let inFlight = 0;
  const provider = azureVision({ endpoint, authorize: byResourceKey(server.key) });
  const counted: Vision = {
    ...provider,
    async analyze(...args) {
      inFlight++;
      try {
        return await azureVision({ endpoint, authorize: byResourceKey(key()) }).analyze(...args);
      } finally {
        inFlight--;
      }
    },
  };
  const vision = guardVision(counted, { callsPerSecond: 1_000, attemptMs: 30_000, clock, ...options });
  const image = picture();
  const start = clock.now();
  const analyze = (signal = new AbortController().signal) =>
    vision.analyze(image, { features: ['caption', 'tags'], language: 'en', signal });
  return {
    clock,
    analyze,
    /** Moves the clock whenever nothing is on its way to or from the service. */
    settle: <T>(promise: Promise<T>) => clock.runUntilSettled(promise, () => inFlight > 0),
    /** One image to its end: what came of it, when by the clock (in milliseconds), after how many calls. */
    async outcome() {
      const [before, begun] = [server.calls, clock.now()];
      const [result] = await clock.runUntilSettled(Promise.allSettled([analyze()]), () => inFlight > 0);
      const error = result.status === 'rejected' ? result.reason : null;
      return { calls: server.calls - before, ms: clock.now() - begun, code: error?.code ?? 'ok', error };
    },
    /** Milliseconds since the clock started. */
    elapsed: () => clock.now() - start,
  };
}
