import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { ambientIdentity } from '../../core/identity.ts';

/** The endpoint by which App Service, Functions and Container Apps give tokens to what runs on them. */
const asked: URLSearchParams[] = [];
const server = createServer((request, response) => {
  asked.push(new URL(request.url ?? '/', 'http://localhost').searchParams);
  const expires_on = `${Math.floor(Date.now() / 1_000) + 3_600}`;
  response
    .writeHead(200, { 'content-type': 'application/json' })
    .end(JSON.stringify({ access_token: 'a-token', token_type: 'Bearer', resource: 'x', expires_on }));
});

const { env } = process;
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  process.env = {
    ...env,
    IDENTITY_ENDPOINT: `http://127.0.0.1:${address.port}/token`,
    IDENTITY_HEADER: 'a-header',
    AZURE_TOKEN_CREDENTIALS: 'ManagedIdentityCredential',
  };
});
beforeEach(() => {
  asked.length = 0;
});
afterAll(async () => {
  process.env = env;
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
});

const SCOPE = 'https://cognitiveservices.azure.com/.default';

test.each([
  ['of the settings', 'from-settings', 'from-environment', 'from-settings'],
  ['of the environment where the settings name none', undefined, 'from-environment', 'from-environment'],
])(
  'The host is asked for a token of the user-assigned identity %s',
  async (_name, clientId, inEnv, expected) => {
    process.env.AZURE_CLIENT_ID = inEnv;
    const token = await ambientIdentity(clientId).getToken(SCOPE);
    expect(token?.token).toBe('a-token');
    const [question] = asked;
    expect(question?.get('client_id')).toBe(expected);
    expect(question?.get('resource')).toContain('https://cognitiveservices.azure.com');
  },
);

test('Nothing is asked before a token is needed', () => {
  ambientIdentity('an-id');
  expect(asked).toHaveLength(0);
});
