import { performance } from 'node:perf_hooks';
import { composePrompts } from '../core/prompt/compose.ts';
import { TARGETS } from '../core/prompt/document.ts';
import { collectFacts } from '../core/prompt/facts.ts';
import { DEFAULT_MIDJOURNEY } from '../core/prompt/targets/midjourney-versions.ts';
import { GOLDEN } from '../tests/core/prompt/golden/all.ts';
import { image, measurements, NOTHING_SEEN } from '../tests/core/prompt/samples.ts';
import { median } from './figures.ts';

const ROUNDS = 7;

/** Milliseconds to compose so many documents for every target: the median of some rounds, the first left out. */
export function timeComposing(documents: number): number {
  const inputs = GOLDEN.map(({ of = image(), look, analysis = NOTHING_SEEN }) => {
    const looks = measurements(look);
    return { facts: collectFacts({ image: of, measurements: looks, analysis }), measurements: looks };
  });
  const rounds = Array.from({ length: ROUNDS + 1 }, () => {
    const begun = performance.now();
    for (let index = 0; index < documents; index++) {
      const input = inputs[index % inputs.length];
      if (input) composePrompts(input, { targets: TARGETS, midjourneyVersion: DEFAULT_MIDJOURNEY });
    }
    return performance.now() - begun;
  });
  return median(rounds.slice(1));
}
