import type { Queue } from '../../queue/queue.ts';
import type { Blobs } from '../../store/blobs.ts';
import { PRICES } from '../../vision/prices.ts';
import { CATALOG, type Catalog, catalog, MAX_CATALOG_BYTES } from './catalog.ts';
import type { Census } from './census.ts';
import { type Asked, billed, type VisionDays } from './vision-days.ts';

export interface CatalogSources {
  readonly container: string;
  readonly prefix: string;
  readonly generator: string;
  readonly census: Census;
  /** Whether the census is of the whole container. */
  readonly isComplete: boolean;
  readonly days: VisionDays;
  readonly asked: Asked & { readonly model: string | null };
  readonly events: Pick<Queue, 'length'>;
  readonly poison: Pick<Queue, 'length'>;
  /** The container of the program's own state. */
  readonly state: Pick<Blobs, 'read'>;
  readonly signal: AbortSignal;
}

/** Puts together what an audit has found. @throws FailedError when storage fails */
export async function makeCatalog(sources: CatalogSources): Promise<Catalog> {
  const { container, prefix, generator, census, isComplete, asked, events, poison, signal } = sources;
  const [before, queue, poisoned] = await Promise.all([
    readCatalog(sources.state, signal),
    events.length(signal),
    poison.length(signal),
  ]);
  const today = census.servedAt;
  const days = sources.days.upTo(today, before?.vision.days ?? []);
  return {
    schemaVersion: 1,
    generatedAt: today.toISOString(),
    generator,
    complete: isComplete,
    container,
    prefix,
    ...census.found(),
    waiting: { queue, poison: poisoned },
    vision: {
      provider: asked.provider,
      model: asked.model,
      features: [...asked.features],
      ...billed(days, today),
      days,
      prices: PRICES,
    },
  };
}

/**
 * Whoever is last has looked last, so there is no condition. What a run had seen when it was stopped is better than
 * nothing, but never than what an earlier one saw to its end.
 * @returns whether it was written
 */
export async function writeCatalog(
  state: Pick<Blobs, 'read' | 'write'>,
  made: Catalog,
  signal: AbortSignal,
): Promise<boolean> {
  if (!made.complete && (await readCatalog(state, signal))?.complete) return false;
  const bytes = Buffer.from(`${JSON.stringify(made, null, 2)}\n`);
  await state.write(CATALOG, bytes, { contentType: 'application/json', condition: 'any', signal });
  return true;
}

/** Null where there is none, or what is there is not ours. */
async function readCatalog(state: Pick<Blobs, 'read'>, signal: AbortSignal): Promise<Catalog | null> {
  const blob = await state.read(CATALOG, { maxBytes: MAX_CATALOG_BYTES, signal });
  try {
    return catalog.parse(JSON.parse(Buffer.from(blob?.bytes ?? []).toString()));
  } catch {
    return null;
  }
}
