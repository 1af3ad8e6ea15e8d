import { type IncomingMessage, request } from 'node:http';
import { connect, isIP, type Socket } from 'node:net';
import { checkServerIdentity, connect as connectSecurely } from 'node:tls';
import { FailedError } from '../errors.ts';
import { VERSION } from '../version.ts';
import type { Network } from './network.ts';

const HEADERS = {
  accept: 'image/*',
  'accept-encoding': 'identity',
  'user-agent': `prompt-generator/${VERSION}`,
};

/** Answers before the answer (1xx): a server sends one or two, and whoever sends more only means to keep us busy. */
const MAX_INTERIM_ANSWERS = 10;

/**
 * Asks one of these addresses, over a connection of its own, and gives the answer as soon as its headers are there.
 * Whoever gets it reads or destroys it. A connection that breaks while it is read destroys it with the same error.
 * @throws FailedError `source-unreachable`
 */
export function requestFrom(
  addresses: readonly string[],
  url: URL,
  network: Network,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const asked = request({
    path: url.pathname + url.search,
    headers: { ...HEADERS, host: url.host },
    // There is no agent where this is given, and so neither a shared connection nor a proxy of the environment.
    createConnection: () => open(addresses, url, network),
    signal,
  });
  let interim = 0;
  asked.on('information', () => {
    interim++;
    if (interim > MAX_INTERIM_ANSWERS) asked.destroy(new Error('too many interim answers'));
  });
  let answer: IncomingMessage | undefined;
  asked.once('response', (response) => {
    answer = response;
    resolve(response);
  });
  asked.on('error', (cause) => {
    const error = new FailedError('source-unreachable', { cause });
    reject(error);
    // What follows a whole answer on the same connection is none of our business.
    if (answer?.complete === false) answer.destroy(error);
  });
  // An answer that wants another protocol ends the request without an error.
  asked.once('close', () => reject(new FailedError('source-unreachable')));
  asked.end();
  return promise;
}

function open(addresses: readonly string[], { protocol, port, hostname }: URL, network: Network): Socket {
  const isSecure = protocol === 'https:';
  const options = network.connectOptions(addresses, Number(port) || (isSecure ? 443 : 80));
  if (!isSecure) return connect(options);
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  return connectSecurely({
    ...options,
    // The server proves the name in the URL, whichever address it was reached at (RFC 6066: an address is no name).
    ...(isIP(host) === 0 ? { servername: host } : {}),
    checkServerIdentity: (_name, certificate) => checkServerIdentity(host, certificate),
    rejectUnauthorized: true,
    ALPNProtocols: ['http/1.1'],
  });
}
