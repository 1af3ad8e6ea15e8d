import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ConfigError, parseConfig } from '../../../core/config.ts';
import { createSecrets } from '../../../core/secrets.ts';
import { type KeyVaultServer, startKeyVaultServer } from '../../faults/key-vault-server.ts';

const STORAGE = 'UseDevelopmentStorage=true';
const SECRET = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;

function faultsOf(env: Record<string, string>): readonly string[] {
  try {
    parseConfig({ STORAGE, ...env });
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

describe('WEBHOOK_URL', () => {
  test.each([
    'https://example.com/hook',
    'https://prod-1.logic.azure.com/workflows/1?api-version=1&sig=abc',
    'https://10.0.0.7/private',
    'http://127.0.0.1:5678/webhook',
    'http://localhost:5678/webhook',
  ])('may be %s', (url) => {
    expect(faultsOf({ WEBHOOK_URL: url, WEBHOOK_SECRET: SECRET })).toEqual([]);
  });

  test.each([
    'http://example.com/hook',
    'https://me:pass@example.com/',
    'https://:pass@example.com/',
    'example.com',
    'file:///etc/hosts',
  ])('may not be %s', (url) => {
    expect(faultsOf({ WEBHOOK_URL: url, WEBHOOK_SECRET: SECRET })).toEqual([
      'WEBHOOK_URL is not an https address without user name and password',
    ]);
  });

  test('needs a secret, here or in a key vault', () => {
    const url = { WEBHOOK_URL: 'https://example.com/hook' };
    expect(faultsOf(url)).toEqual([expect.stringMatching(/^WEBHOOK_SECRET is missing/)]);
    expect(faultsOf({ ...url, KEY_VAULT_URI: 'https://a.vault.azure.net' })).toEqual([]);
    expect(faultsOf({ ...url, WEBHOOK_SECRET: 'short' })).toEqual([
      'WEBHOOK_SECRET is shorter than 16 bytes, or has no base64 after whsec_',
    ]);
  });
});

test.each(['images', 'prompt-state'])('FEED_CONTAINER may not be %s', (container) => {
  expect(faultsOf({ FEED_CONTAINER: container })).toEqual([expect.stringMatching(/^FEED_CONTAINER is the/)]);
  expect(faultsOf({ FEED_CONTAINER: 'feed' })).toEqual([]);
});

describe('The secret of the webhook', () => {
  let vault: KeyVaultServer;
  beforeAll(async () => {
    vault = await startKeyVaultServer();
  });
  afterAll(() => vault.close());

  function secretOf(env: Record<string, string>, now: () => number): () => Promise<string | null> {
    const config = parseConfig({ STORAGE, WEBHOOK_URL: 'https://example.com/hook', ...env });
    const { identity, client } = vault;
    return createSecrets(config, { identity, client, now }).webhookSecret;
  }

  test('comes from the vault, and a change there counts after five minutes, without a restart', async () => {
    let now = 0;
    const secret = secretOf({ KEY_VAULT_URI: vault.uri }, () => now);
    expect(await secret()).toBeNull();
    vault.secrets.set('webhook-secret', SECRET);
    now += 299_999;
    expect(await secret()).toBeNull();
    now += 1;
    expect(await secret()).toBe(SECRET);
  });

  test('comes from the settings where it is there', async () => {
    const reads = vault.reads.length;
    const secret = secretOf({ KEY_VAULT_URI: vault.uri, WEBHOOK_SECRET: 'sixteen letters!' }, () => 0);
    expect([await secret(), vault.reads.length]).toEqual(['sixteen letters!', reads]);
  });
});
