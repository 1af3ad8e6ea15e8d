import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { FailedError, RefusedError } from '../errors.ts';
import { isPublicAddress } from './address.ts';
import { readAnswer } from './answer.ts';
import { INTERNET, type Network } from './network.ts';
import { requestFrom } from './request.ts';
import { checkHost, type HostRules, parseRedirect, parseSource } from './source.ts';

export interface FetchOptions extends HostRules {
  /** Of the decoded body. */
  readonly maxBytes: number;
  /** For all of it: names, connections, redirects and the last byte. */
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
}

const MAX_REDIRECTS = 3;
const REDIRECTS: readonly (number | undefined)[] = [301, 302, 303, 307, 308];

/**
 * Fetches what is at an address of the public internet. Every host on the way is checked, and the addresses that were
 * checked are the ones that are connected to. Nobody is sent cookies, credentials or the address before a redirect.
 * @throws RefusedError `invalid-url`, `source-not-allowed`, `source-error`, `source-incomplete`, `image-too-large`
 * @throws FailedError `source-unreachable`, `source-unavailable`, `source-timeout`; the signal's reason when it aborts
 */
export async function fetchImage(
  address: string,
  options: FetchOptions,
  network: Network = INTERNET,
): Promise<Uint8Array> {
  const url = parseSource(address);
  const deadline = AbortSignal.timeout(options.deadlineMs);
  const signal = AbortSignal.any([options.signal, deadline]);
  try {
    return await follow(url, { ...options, signal }, network);
  } catch (cause) {
    options.signal.throwIfAborted();
    throw deadline.aborted ? new FailedError('source-timeout', { cause }) : cause;
  }
}

async function follow(start: URL, options: FetchOptions, network: Network): Promise<Uint8Array> {
  let url = start;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const addresses = await addressesOf(url, options, network);
    const response = await requestFrom(addresses, url, network, options.signal);
    try {
      if (!REDIRECTS.includes(response.statusCode)) return await readAnswer(response, options.maxBytes);
      url = nextOf(response, url);
    } finally {
      response.destroy();
    }
  }
  throw new FailedError('source-unavailable', {
    detail: `The source redirects more than ${MAX_REDIRECTS} times.`,
  });
}

function nextOf({ headers: { location } }: IncomingMessage, url: URL): URL {
  if (location !== undefined) return parseRedirect(location, url);
  throw new FailedError('source-unavailable', { detail: 'The source redirects without saying where to.' });
}

/** A single address that is not public refuses the name: a good one beside it is how a bad one is smuggled in. */
async function addressesOf(url: URL, options: FetchOptions, network: Network): Promise<readonly string[]> {
  checkHost(url, options);
  // Of a number in whatever notation, the parser of the URL has made a plain address.
  const literal = url.hostname.replace(/^\[|\]$/g, '');
  const addresses = isIP(literal) ? [literal] : await resolve(literal, options.signal, network);
  if (addresses.length === 0) throw new FailedError('source-unreachable');
  if (!addresses.every(isPublicAddress)) throw new RefusedError('source-not-allowed');
  return addresses;
}

async function resolve(name: string, signal: AbortSignal, network: Network): Promise<readonly string[]> {
  try {
    return await network.resolve(name, signal);
  } catch (cause) {
    throw new FailedError('source-unreachable', { cause });
  }
}
