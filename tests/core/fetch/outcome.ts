import { ProblemError } from '../../../core/errors.ts';
import { type FetchOptions, fetchImage } from '../../../core/fetch/fetch-image.ts';
import type { Internet } from './internet.ts';

/** What a fetch came to: the first 2000 bytes as text, or status and code of the problem. */
export async function outcomeOf(
  url: string,
  { network }: Pick<Internet, 'network'>,
  options: Partial<FetchOptions> = {},
): Promise<string | readonly [number, string]> {
  try {
    return Buffer.from(await fetchThrough(url, network, options)).toString('latin1', 0, 2_000);
  } catch (error) {
    if (error instanceof ProblemError) return [error.kind.status, error.code];
    throw error;
  }
}

/** The problem itself, for what it says. */
export async function problemOf(
  url: string,
  { network }: Pick<Internet, 'network'>,
  options: Partial<FetchOptions> = {},
): Promise<ProblemError> {
  try {
    await fetchThrough(url, network, options);
  } catch (error) {
    if (error instanceof ProblemError) return error;
    throw error;
  }
  throw new Error('it was fetched');
}

function fetchThrough(
  url: string,
  network: Internet['network'],
  options: Partial<FetchOptions>,
): Promise<Uint8Array> {
  const rules = { maxBytes: 1_000, deadlineMs: 20_000, allowedHosts: undefined, ownHosts: [] };
  return fetchImage(url, { ...rules, signal: new AbortController().signal, ...options }, network);
}
