import { describe, expect, test } from '@jest/globals';
import { byIdentity, byKey, isAzure } from '../../../core/vision/authorize.ts';

const { signal } = new AbortController();

describe('A key', () => {
  test.each([
    'https://res.openai.azure.com/openai/v1',
    'https://res.services.ai.azure.com/openai/v1',
    'https://res.openai.azure.us/openai/v1',
  ])("goes to %s in Azure's own header only", async (address) => {
    expect(await byKey('a-key', new URL(address))(signal)).toEqual({ 'api-key': 'a-key' });
  });

  test('goes elsewhere as a bearer token too, since behind a gateway there may be anyone', async () => {
    expect(await byKey('a-key', new URL('https://gateway.example/v1'))(signal)).toEqual({
      'api-key': 'a-key',
      authorization: 'Bearer a-key',
    });
  });
});

test.each(['https://azure.com.example/v1', 'https://notazure.com/v1', 'http://127.0.0.1:11434/v1'])(
  '%s is not Azure, and is shown no identity',
  (address) => {
    expect(isAzure(new URL(address))).toBe(false);
  },
);

describe('An identity', () => {
  const HOUR_MS = 3_600_000;

  test('is asked for a token of Cognitive Services, once until that is about to end', async () => {
    const asked: unknown[] = [];
    let now = 0;
    const credential = {
      async getToken(scopes: string | string[]) {
        asked.push(scopes);
        return { token: `token-${asked.length}`, expiresOnTimestamp: now + HOUR_MS };
      },
    };
    const authorize = byIdentity(credential, () => now);
    const headers = [await authorize(signal), await authorize(signal)];
    now = HOUR_MS - 4 * 60_000;
    headers.push(await authorize(signal));
    expect(headers.map(({ authorization }) => authorization)).toEqual([
      'Bearer token-1',
      'Bearer token-1',
      'Bearer token-2',
    ]);
    expect(asked[0]).toBe('https://cognitiveservices.azure.com/.default');
  });

  test.each([
    ['fails', () => Promise.reject(new Error('signed out'))],
    ['is not there', async () => null],
  ])('that %s is a matter of credentials', async (_name, getToken) => {
    await expect(byIdentity({ getToken })(signal)).rejects.toMatchObject({ code: 'vision-auth' });
  });
});
