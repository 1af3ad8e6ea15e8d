import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** What the hosts know of the other end of a connection; an app that is called as a function knows nothing. */
export interface Connection {
  /** The address at the other end of the socket. */
  readonly peer?: string | undefined;
}

/** A provider gives a customer at least this much of IPv6, so counting single addresses would count nothing. */
const IPV6_NETWORK_BITS = 64;

/**
 * Who asks, as far as an address tells: an IPv4 address, or the network of an IPv6 one; null where nothing is known.
 *
 * A proxy appends to X-Forwarded-For the address that it was called from, so of its entries only the last
 * `trustedProxies` were written by proxies of ours. The first of those is the client; what stands before it may be
 * anyone's invention.
 */
export function clientAddress(
  { peer }: Connection,
  forwardedFor: string | undefined,
  trustedProxies: number,
): string | null {
  const entries = trustedProxies === 0 ? [] : (forwardedFor?.split(',') ?? []);
  return networkOf(entries.at(-trustedProxies) ?? '') ?? networkOf(peer ?? '');
}

/** Azure's front ends write a port behind the address, and brackets around one of IPv6. */
function networkOf(entry: string): string | null {
  const text = entry.trim();
  const host = isIP(text) ? text : text.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
  if (!isIP(host)) return null;
  const address = ipaddr.process(host);
  if (address.kind() === 'ipv4') return address.toString();
  return ipaddr.IPv6.networkAddressFromCIDR(`${address.toString()}/${IPV6_NETWORK_BITS}`).toString();
}
