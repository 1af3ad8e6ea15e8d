import { RefusedError } from '../errors.ts';

/** Longer than any signed address of a storage service. */
const MAX_URL_LENGTH = 4_096;
const PROTOCOLS = ['http:', 'https:'];
const PORTS = ['', '80', '443'];

/** Which hosts an image may come from, beside that they are public. */
export interface HostRules {
  /** Names, or `*.example.com` for all below one; undefined for any. */
  readonly allowedHosts: readonly string[] | undefined;
  /** The program's own: what it says or keeps is not to be had by asking it to ask itself. */
  readonly ownHosts: readonly string[];
}

/**
 * The address of an image as someone wrote it.
 * @throws RefusedError `invalid-url`
 */
export function parseSource(text: string): URL {
  const url = parseUrl(text);
  if (url) return url;
  throw new RefusedError('invalid-url', {
    detail: `It must be http or https, without a user name, of at most ${MAX_URL_LENGTH} characters.`,
  });
}

/** Where a redirect leads to. @throws RefusedError `source-not-allowed` */
export function parseRedirect(location: string, from: URL): URL {
  const url = parseUrl(location, from);
  if (url) return url;
  throw new RefusedError('source-not-allowed');
}

function parseUrl(text: string, base?: URL): URL | null {
  // The parser drops line breaks and tabs without a word; nobody writes them in good faith.
  if (text.length > MAX_URL_LENGTH || /\p{Cc}/u.test(text)) return null;
  const url = URL.parse(text, base?.href);
  const isUsable = url && PROTOCOLS.includes(url.protocol) && url.username === '' && url.password === '';
  return isUsable ? url : null;
}

/** @throws RefusedError `source-not-allowed` where port or name alone forbid it */
export function checkHost({ hostname, port }: URL, { allowedHosts, ownHosts }: HostRules): void {
  const host = withoutDot(hostname);
  const isAllowed =
    PORTS.includes(port) &&
    // RFC 6761: whatever a resolver says, it means this machine.
    !matches(host, 'localhost') &&
    !matches(host, '*.localhost') &&
    !ownHosts.some((own) => host === withoutDot(own)) &&
    (allowedHosts === undefined || allowedHosts.some((pattern) => matches(host, pattern)));
  if (!isAllowed) throw new RefusedError('source-not-allowed');
}

function matches(host: string, pattern: string): boolean {
  return pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : host === pattern;
}

/** `example.com.` is the same host as `example.com`. */
function withoutDot(host: string): string {
  return host.replace(/\.$/, '');
}
