import pLimit from 'p-limit';
import type { Product } from './product.ts';
import type { Store } from './store.ts';

/** Describes every image of the store once. @returns images per second */
export async function throughput({ describe }: Product, store: Store, inFlight: number): Promise<number> {
  const limit = pLimit(inFlight);
  const start = performance.now();
  await limit.map(store.names, describe);
  const seconds = (performance.now() - start) / 1000;
  await Promise.all(store.names.map(store.forget));
  return store.names.length / seconds;
}
