import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { KeyVault } from '../../core/key-vault.ts';
import { type KeyVaultServer, startKeyVaultServer } from '../faults/key-vault-server.ts';

let server: KeyVaultServer;
beforeAll(async () => {
  server = await startKeyVaultServer();
});
afterAll(() => server.close());
beforeEach(() => server.secrets.clear());

function vault(options: Partial<ConstructorParameters<typeof KeyVault>[0]> = {}): KeyVault {
  const { uri, identity: credential, client } = server;
  return new KeyVault({ uri, credential, client, ...options });
}

describe('A key vault', () => {
  test('gives the value of a secret, without the line break that came with the file', async () => {
    server.secrets.set('vision-key', 'a-key\n');
    expect(await vault().read('vision-key')).toBe('a-key');
  });

  test('has no secret where it says so, or where the secret is empty', async () => {
    server.secrets.set('empty', ' ');
    expect([await vault().read('missing'), await vault().read('empty')]).toEqual([null, null]);
  });

  test.each([
    [403, 'It does not let our identity read the secret vision-key.'],
    [500, 'It does not answer to the question for the secret vision-key.'],
    [404.5, 'It does not answer to the question for the secret vision-key.'],
  ])('that answers %s is a failure that says what is wrong', async (status, detail) => {
    // A 404 that is not about the secret comes from somewhere else than a vault.
    server.secrets.set('vision-key', Math.floor(status));
    await expect(vault().read('vision-key')).rejects.toMatchObject({
      name: 'FailedError',
      code: 'secrets-unavailable',
      detail,
    });
  });

  test('that says nothing is a failure at its deadline', async () => {
    server.secrets.set('vision-key', null);
    await expect(vault({ deadlineMs: 100 }).read('vision-key')).rejects.toMatchObject({
      code: 'secrets-unavailable',
      cause: { name: 'AbortError' },
    });
  });

  test('that is not there is a failure, and its address stays in the log', async () => {
    const uri = 'https://127.0.0.1:9';
    const error = await vault({ uri })
      .read('vision-key')
      .catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'secrets-unavailable', cause: expect.anything() });
    expect(error.detail).not.toContain('127.0.0.1');
  });

  test('is not asked by an identity that has no token', async () => {
    const before = server.reads.length;
    const credential = { getToken: () => Promise.reject(new Error('signed out')) };
    await expect(vault({ credential }).read('vision-key')).rejects.toMatchObject({
      code: 'secrets-unavailable',
    });
    expect(server.reads).toHaveLength(before);
  });
});
