import { median, quantile } from './figures.ts';

/** What is done with one stored image. */
export type Subject = (name: string) => Promise<void>;

export interface Comparison {
  readonly floor: Spread;
  readonly product: Spread;
  /** Median over the rounds of product time / floor time: within a round both meet the same weather. */
  readonly ratio: number;
}

/** Milliseconds per image. */
interface Spread {
  readonly median: number;
  readonly p95: number;
}

/** The first rounds load modules and warm the compiler. */
const WARM_UP = 4;

/**
 * Runs both on the same images, turn by turn, and who goes first changes from round to round.
 * @param names images that are worked on at once
 * @param reset makes the images new again, outside the time that is taken
 */
export async function compare(
  { floor, product }: { readonly floor: Subject; readonly product: Subject },
  {
    names,
    rounds,
    reset,
  }: { readonly names: readonly string[]; readonly rounds: number; readonly reset: Subject },
): Promise<Comparison> {
  const times = { floor: [] as number[], product: [] as number[] };
  const ratios: number[] = [];

  async function turn(subject: Subject): Promise<readonly number[]> {
    const taken = await Promise.all(
      names.map(async (name) => {
        const start = performance.now();
        await subject(name);
        return performance.now() - start;
      }),
    );
    await Promise.all(names.map(reset));
    return taken;
  }

  for (let round = -WARM_UP; round < rounds; round++) {
    const floorFirst = round % 2 === 0;
    const before = floorFirst ? await turn(floor) : undefined;
    const ours = await turn(product);
    const least = before ?? (await turn(floor));
    if (round < 0) continue;
    times.floor.push(...least);
    times.product.push(...ours);
    ratios.push(Math.max(...ours) / Math.max(...least));
  }
  return { floor: spread(times.floor), product: spread(times.product), ratio: median(ratios) };
}

function spread(samples: readonly number[]): Spread {
  return { median: median(samples), p95: quantile(samples, 0.95) };
}
