import type { Log } from '../log.ts';
import type { Blobs } from './blobs.ts';

const NAME = 'first-start';

/**
 * When this program first started over this storage, by the service's clock: the age of a blob that whoever comes first
 * writes, and nobody after. What is older was there before.
 */
export async function firstStart(state: Blobs): Promise<Date> {
  const known = await state.head(NAME);
  if (known) return known.lastModified;
  // Whoever writes it, or removes it again before the next look: what then is there counts.
  await state.write(NAME, new Uint8Array(), { contentType: 'text/plain', condition: 'new' });
  return firstStart(state);
}

/**
 * For every host, as soon as it starts: only what is dropped from then on is new. Never fails: the next start, or the
 * first sweep, makes up for it.
 */
export async function begin(state: Blobs, log: Log): Promise<void> {
  await firstStart(state).catch((err) => log.warn({ err }, 'the first start could not be noted'));
}
