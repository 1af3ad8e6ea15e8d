import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Hono } from 'hono';
import { authenticate, identify } from '../../core/api/auth.ts';
import type { ApiEnv } from '../../core/api/options.ts';
import { parseConfig } from '../../core/config.ts';
import { ProblemError } from '../../core/errors.ts';
import { createSecrets } from '../../core/secrets.ts';
import { createVision } from '../../core/vision/create.ts';
import { guardVision } from '../../core/vision/guard/guard.ts';
import { type KeyVaultServer, startKeyVaultServer } from '../faults/key-vault-server.ts';
import { startVisionServer, type VisionServer } from '../faults/vision-server.ts';
import { picture } from './vision/picture.ts';

let vault: KeyVaultServer;
let service: VisionServer;
let now: number;
beforeAll(async () => {
  [vault, service] = await Promise.all([startKeyVaultServer(), startVisionServer()]);
});
afterAll(() => Promise.all([vault.close(), service.close()]));
beforeEach(() => {
  vault.secrets.clear();
  now = 0;
});

function program(settings: Record<string, string> = {}) {
  const config = parseConfig({
    ...{ STORAGE: 'UseDevelopmentStorage=true', KEY_VAULT_URI: vault.uri },
    ...{ VISION_PROVIDER: 'azure-vision', VISION_ENDPOINT: service.endpoint },
    ...settings,
  });
  const { identity, client } = vault;
  const secrets = createSecrets(config, { identity, client, now: () => now });
  const reads = (name: string) => vault.reads.filter((read) => read === name).length;
  return { config, secrets, reads };
}

describe('The API keys', () => {
  const hash = (key: string) => createHash('sha256').update(key).digest('hex');

  function api(settings?: Record<string, string>, loopback = false) {
    const { secrets } = program(settings);
    const app = new Hono<ApiEnv>();
    const policy = { mode: 'keys', keyHashes: secrets.apiKeyHashes, loopback } as const;
    app.use(identify(policy), authenticate(policy, { corsOrigins: [], trustedProxies: 0 }));
    app.get('/', (c) => c.text('ok'));
    app.onError((error, c) => c.text(error instanceof ProblemError ? error.message : 'fault'));
    return async (key?: string) => {
      const headers = key === undefined ? {} : { 'x-api-key': key };
      return (await app.fetch(new Request('http://localhost/', { headers }))).text();
    };
  }

  test('come from the vault, and a change there counts after five minutes, without a restart', async () => {
    vault.secrets.set('api-keys', `${hash('old')}, ${hash('other').toUpperCase()}`);
    const before = vault.reads.length;
    const ask = api();
    expect([await ask('old'), await ask('other'), await ask('new')]).toEqual(['ok', 'ok', 'unauthorized']);
    vault.secrets.set('api-keys', hash('new'));
    now = 299_999;
    expect([await ask('old'), await ask('new')]).toEqual(['ok', 'unauthorized']);
    now = 300_000;
    expect([await ask('old'), await ask('new')]).toEqual(['unauthorized', 'ok']);
    expect(vault.reads).toHaveLength(before + 2);
  });

  test('of the settings come first: the vault is not even asked', async () => {
    const before = vault.reads.length;
    expect(await api({ API_KEYS: hash('mine') })('mine')).toBe('ok');
    expect(vault.reads).toHaveLength(before);
  });

  test('let nobody in while the vault does not say which they are, and everyone again who was in', async () => {
    vault.secrets.set('api-keys', 503);
    const ask = api();
    expect(await ask('mine')).toBe(
      'secrets-unavailable: It does not answer to the question for the secret api-keys.',
    );
    vault.secrets.set('api-keys', hash('mine'));
    expect(await ask('mine')).toBe('ok');
    vault.secrets.set('api-keys', 503);
    now = 300_000;
    expect([await ask('mine'), await ask('another')]).toEqual(['ok', 'unauthorized']);
  });

  test('are not configured where the vault has none, and unusable where it has something else', async () => {
    expect(await api()('mine')).toBe('auth-not-configured');
    expect(await api({}, true)()).toBe('ok');
    vault.secrets.set('api-keys', 'the key itself');
    expect(await api()('the key itself')).toBe(
      'secrets-unavailable: Its secret api-keys is no list of SHA-256 hashes.',
    );
  });
});

describe('The key of the vision service', () => {
  const asAzure = {
    getToken: async () => ({ token: service.key, expiresOnTimestamp: Date.now() + 3_600_000 }),
  };
  const asNobody = { getToken: () => Promise.reject(new Error('signed out')) };

  function describing(settings: Record<string, string> = {}, identity = asNobody as typeof asAzure) {
    const { config, secrets, reads } = program(settings);
    const key = secrets.visionKey;
    const vision = guardVision(createVision(config.vision, { key: key?.value, identity }), {
      ...{ callsPerSecond: 1_000, attemptMs: 30_000, refreshCredential: key?.refresh },
    });
    const options = { features: ['tags'], language: 'en' } as const;
    const before = { calls: service.calls, reads: reads('vision-key') };
    return {
      describe: () => vision.analyze(picture(), { ...options, signal: new AbortController().signal }),
      cost: () => ({ calls: service.calls - before.calls, reads: reads('vision-key') - before.reads }),
    };
  }

  test('comes from the vault, once for many images', async () => {
    vault.secrets.set('vision-key', service.key);
    const { describe, cost } = describing();
    await Promise.all([describe(), describe()]);
    await describe();
    expect(cost()).toEqual({ calls: 3, reads: 1 });
  });

  test('V5: that was changed in the vault is read anew after a 401, and used without a restart', async () => {
    vault.secrets.set('vision-key', 'the-key-before');
    const { describe, cost } = describing();
    await expect(describe()).rejects.toMatchObject({ code: 'vision-auth' });
    expect(cost()).toEqual({ calls: 2, reads: 2 });
    vault.secrets.set('vision-key', service.key);
    now = 59_999;
    await expect(describe()).rejects.toMatchObject({ code: 'vision-auth' });
    expect(cost()).toEqual({ calls: 4, reads: 2 });
    now = 60_000;
    await expect(describe()).resolves.toMatchObject({ degraded: false });
    expect(cost()).toEqual({ calls: 6, reads: 3 });
  });

  test('of the settings comes first: the vault is not even asked', async () => {
    const { describe, cost } = describing({ VISION_KEY: service.key });
    await describe();
    expect(cost()).toEqual({ calls: 1, reads: 0 });
  });

  test('that the vault does not have is not needed where the identity will do', async () => {
    const { describe, cost } = describing({}, asAzure);
    await describe();
    expect(cost()).toEqual({ calls: 1, reads: 1 });
  });

  test('that nobody has is named as what is missing', async () => {
    const { describe, cost } = describing();
    await expect(describe()).rejects.toMatchObject({
      code: 'vision-auth',
      cause: { code: 'secrets-unavailable', detail: 'It has no secret vision-key.' },
    });
    expect(cost()).toEqual({ calls: 0, reads: 2 });
  });

  test('costs no call while the vault does not give it', async () => {
    vault.secrets.set('vision-key', 403);
    const { describe, cost } = describing();
    await expect(describe()).rejects.toMatchObject({
      code: 'secrets-unavailable',
      detail: 'It does not let our identity read the secret vision-key.',
    });
    expect(cost()).toEqual({ calls: 0, reads: 1 });
  });
});
