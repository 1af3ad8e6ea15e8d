import { Resolver } from 'node:dns/promises';
import type { LookupFunction, TcpSocketConnectOpts } from 'node:net';
import type { ConnectionOptions } from 'node:tls';

/** The way out. Tests give another one; nothing in the environment can. */
export interface Network {
  /** All addresses of a name. @throws where it has none, where nobody says, or when the signal aborts */
  resolve(hostname: string, signal: AbortSignal): Promise<readonly string[]>;
  /** How to connect to the first of these addresses that answers, and to nothing else. */
  connectOptions(
    addresses: readonly string[],
    port: number,
  ): TcpSocketConnectOpts & Pick<ConnectionOptions, 'ca'>;
}

const QUERY_TIMEOUT_MS = 2_000;
const QUERY_TRIES = 2;

/** How long an address may keep the next one waiting. */
const NEXT_ADDRESS_MS = 1_000;

export const INTERNET: Network = { resolve: resolveWith(), connectOptions: pinned };

/**
 * Asks name servers directly. The system's own resolver would hold one of the few threads that also decode images for
 * as long as a slow name server likes, and cannot be cancelled.
 * @param servers the system's, unless given
 */
export function resolveWith(servers?: readonly string[]): Network['resolve'] {
  return async (hostname, signal) => {
    const resolver = new Resolver({ timeout: QUERY_TIMEOUT_MS, tries: QUERY_TRIES });
    if (servers) resolver.setServers(servers);
    const cancel = () => resolver.cancel();
    signal.addEventListener('abort', cancel, { once: true });
    try {
      signal.throwIfAborted();
      const answers = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
      const addresses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
      if (addresses.length === 0) throw answers.find((answer) => answer.status === 'rejected')?.reason;
      return addresses;
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  };
}

function pinned(addresses: readonly string[], port: number): TcpSocketConnectOpts {
  const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  const lookup: LookupFunction = (_hostname, _options, callback) => callback(null, found);
  // A name that nobody has: should the platform ever stop asking `lookup`, the connection fails.
  const host = 'pinned.invalid';
  return {
    host,
    port,
    lookup,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_MS,
  };
}
