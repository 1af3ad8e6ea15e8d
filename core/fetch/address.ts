import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/**
 * Azure's WireServer. It lies among public addresses and yet answers from within every virtual network; it knows the
 * settings of the machine. https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
 */
const WIRE_SERVER = '168.63.129.16';

/** All that is routed so far (RFC 4291 section 2.4 and IANA's registry): what lies outside leads nowhere we want. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Whether an address is on the public internet, and not one that carries another address within it: those are tunnels
 * and translators, whose end may be anywhere.
 * @param address IPv4 or IPv6 in any form that a resolver or the host of a URL has, without brackets
 */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 0) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast') return false;
  if (parsed instanceof ipaddr.IPv4) return parsed.toString() !== WIRE_SERVER;
  return parsed.match(GLOBAL_UNICAST) && !isIsatap(parsed);
}

/** RFC 5214 section 6.1: below any prefix, 0000:5efe or 0200:5efe and then an IPv4 address. */
function isIsatap({ parts }: ipaddr.IPv6): boolean {
  return ((parts[4] ?? 0) & ~0x0200) === 0 && parts[5] === 0x5efe;
}
