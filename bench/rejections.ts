import type { DescribeSettings } from '../core/describe/describe-bytes.ts';
import { describeBytes } from '../core/describe/describe-bytes.ts';
import { RefusedError } from '../core/errors.ts';
import { hostileImages } from '../tests/fixtures/images/hostile.ts';

export interface Rejection {
  readonly name: string;
  readonly code: string;
  readonly milliseconds: number;
}

const ROUNDS = 5;

/** How long each hostile image of the matrix takes to be refused: the median of some rounds, the slowest first. */
export async function timeRejections(settings: DescribeSettings): Promise<Rejection[]> {
  const rejections: Rejection[] = [];
  for (const { id, name, bytes, expect } of await hostileImages()) {
    if (expect === 'described' || bytes.length === 0) continue;
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const start = performance.now();
      await describeBytes(bytes, settings, { stored: null, signal: AbortSignal.timeout(10_000) }).then(
        () => {
          throw new Error(`${id} ${name} was described`);
        },
        (error) => {
          if (!(error instanceof RefusedError)) throw error;
        },
      );
      times.push(performance.now() - start);
    }
    rejections.push({
      name: `${id} ${name}`,
      code: expect,
      milliseconds: times.toSorted((a, b) => a - b)[2] ?? 0,
    });
  }
  return rejections.toSorted((a, b) => b.milliseconds - a.milliseconds);
}
