import type { AccessToken, TokenCredential } from '@azure/core-auth';
import { FailedError } from '../errors.ts';

/** Gives the headers that say who asks; asked before every request. @throws FailedError `vision-auth` */
export type Authorize = (signal: AbortSignal) => Promise<Readonly<Record<string, string>>>;

/** Azure OpenAI and Foundry: the public cloud, and those of the US government and of China. */
export function isAzure({ hostname }: URL): boolean {
  return /\.azure\.(?:com|us|cn)$/.test(hostname);
}

/** For a model server on one's own machine. */
export const anonymous: Authorize = async () => ({});

/**
 * Azure takes a key in a header of its own. Elsewhere a key is a bearer token, unless a gateway stands before Azure, which
 * nobody can tell by its name; so it gets both, and takes the one that it knows.
 */
export function byKey(key: string, endpoint: URL): Authorize {
  const headers = isAzure(endpoint) ? { 'api-key': key } : { 'api-key': key, authorization: `Bearer ${key}` };
  return async () => headers;
}

const SCOPE = 'https://cognitiveservices.azure.com/.default';

/** Some credentials start a program for every token, so a token is kept until it is about to end. */
const MARGIN_MS = 5 * 60_000;

export function byIdentity(credential: TokenCredential, now: () => number = Date.now): Authorize {
  let token: AccessToken | null = null;
  return async (signal) => {
    if (token === null || token.expiresOnTimestamp - now() < MARGIN_MS) {
      token = await credential.getToken(SCOPE, { abortSignal: signal }).catch((error) => {
        throw new FailedError('vision-auth', { cause: error });
      });
    }
    if (token === null) throw new FailedError('vision-auth', { detail: 'There is no identity to ask with.' });
    return { authorization: `Bearer ${token.token}` };
  };
}
