import { once } from 'node:events';
import { createServer } from 'node:https';
import type { TokenCredential } from '@azure/core-auth';
import type { KeyVaultOptions } from '../../core/key-vault.ts';
import { selfSigned } from './certificate.ts';

export interface KeyVaultServer {
  readonly uri: string;
  /** What makes the SDK trust this server; it tries once. */
  readonly client: NonNullable<KeyVaultOptions['client']>;
  /** An identity that the vault knows. */
  readonly identity: TokenCredential;
  /** May be changed at any time. A number is a status that is answered instead of a secret; for null nothing is. */
  readonly secrets: Map<string, string | number | null>;
  /** Names that were asked for with a token, in order. */
  readonly reads: readonly string[];
  close(): Promise<void>;
}

const TOKEN = 'a-token-of-the-fake-vault';

/** Starts a server that speaks the part of Key Vault that reads secrets, challenge included, on a free port. */
export async function startKeyVaultServer(): Promise<KeyVaultServer> {
  const { key, cert } = selfSigned();
  const secrets = new Map<string, string | number | null>();
  const reads: string[] = [];
  const server = createServer({ key, cert }, (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', uri);
    const answer = (status: number, body: object, headers = {}) =>
      response
        .writeHead(status, { 'content-type': 'application/json', ...headers })
        .end(JSON.stringify(body));
    const fail = (status: number, code: string) => answer(status, { error: { code, message: code } });

    if (request.headers.authorization !== `Bearer ${TOKEN}`) {
      const challenge =
        'Bearer authorization="https://login.example/a-tenant", resource="https://vault.azure.net"';
      answer(401, { error: { code: 'Unauthorized' } }, { 'www-authenticate': challenge });
      return;
    }
    const name = /^\/secrets\/([0-9A-Za-z-]{1,127})\/?$/.exec(pathname)?.[1];
    if (request.method !== 'GET' || name === undefined || !searchParams.has('api-version')) {
      fail(400, 'BadParameter');
      return;
    }
    reads.push(name);
    const value = secrets.get(name);
    if (value === undefined) fail(404, 'SecretNotFound');
    else if (value === null) return;
    else if (typeof value === 'number') fail(value, value === 403 ? 'Forbidden' : 'Broken');
    else answer(200, { value, id: `${uri}/secrets/${name}/1`, attributes: { enabled: true } });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const uri = `https://127.0.0.1:${address.port}`;

  return {
    uri,
    client: {
      tlsOptions: { ca: cert },
      disableChallengeResourceVerification: true,
      retryOptions: { maxRetries: 0 },
    },
    identity: {
      async getToken(scopes) {
        if (`${scopes}` !== 'https://vault.azure.net/.default') throw new Error('another scope');
        return { token: TOKEN, expiresOnTimestamp: Date.now() + 3_600_000 };
      },
    },
    secrets,
    reads,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
