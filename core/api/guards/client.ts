import { isIP } from 'node:net';
import type { Context } from 'hono';
import ipaddr from 'ipaddr.js';
import type { ApiEnv } from '../options.ts';

/** What the hosts know of the other end of a connection; an app that is called as a function knows nothing. */
export interface Connection {
  /** The address at the other end of the socket. */
  readonly peer?: string | undefined;
}

/** Where nothing tells clients apart they count as one. */
const ANYONE = 'anyone';

/** Who asks, for whatever is shared out among clients: a key, or the address of one without a known key. */
export function clientOf(c: Context<ApiEnv>, trustedProxies: number): string {
  const address = clientAddress(c.env ?? {}, c.req.header('x-forwarded-for'), trustedProxies);
  return c.get('keyHash') ?? address ?? ANYONE;
}

/**
 * How the client reached the outermost of our proxies, or us where there is none. A proxy that ends TLS says so in
 * X-Forwarded-Proto; some append to it as to X-Forwarded-For, and what a client invented stands before that.
 */
export function schemeOf(c: Context, trustedProxies: number): 'http' | 'https' {
  const said = trustedProxies > 0 ? (c.req.header('x-forwarded-proto')?.split(',') ?? []) : [];
  const forwarded = (said.at(-trustedProxies) ?? said[0])?.trim().toLowerCase();
  if (forwarded === 'http' || forwarded === 'https') return forwarded;
  return new URL(c.req.url).protocol === 'https:' ? 'https' : 'http';
}

/** The names by which the client may have called: the request's own, and those that proxies of ours were called by. */
export function hostsOf(c: Context, trustedProxies: number): readonly string[] {
  const forwarded = trustedProxies > 0 ? (c.req.header('x-forwarded-host')?.split(',') ?? []) : [];
  return [new URL(c.req.url).host, ...forwarded].flatMap((host) => {
    const url = `http://${host.trim()}`;
    return URL.canParse(url) ? [new URL(url).hostname] : [];
  });
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
  // A zone means something to its own machine only.
  const address = ipaddr.process(host.replace(/%.*$/, ''));
  if (address.kind() === 'ipv4') return address.toString();
  return ipaddr.IPv6.networkAddressFromCIDR(`${address.toString()}/${IPV6_NETWORK_BITS}`).toString();
}
