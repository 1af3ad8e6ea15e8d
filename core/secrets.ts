import type { TokenCredential } from '@azure/core-auth';
import type { Config } from './config.ts';
import { FailedError } from './errors.ts';
import { KeyVault, type KeyVaultOptions } from './key-vault.ts';
import { Secret } from './secret.ts';
import { keyHashes } from './setting-kinds.ts';

/** What is secret among the settings: from the settings themselves or, where they do not have it, from the key vault. */
export interface Secrets {
  /** SHA-256 hashes of the API keys, in hex. @throws FailedError `secrets-unavailable` */
  readonly apiKeyHashes: () => Promise<readonly string[]>;
  /** Null where only the settings can have the key of the vision service. */
  readonly visionKey: VisionKey | null;
  /** What events are signed with; null where there is none. @throws FailedError `secrets-unavailable` */
  readonly webhookSecret: () => Promise<string | null>;
}

/** Both throw FailedError `secrets-unavailable`. */
interface VisionKey {
  /** Null where the vault has none, as if the setting were not set. */
  readonly value: () => Promise<string | null>;
  /** After the service refused it: reads it anew, at most once a minute, and throws where there is still none. */
  readonly refresh: () => Promise<void>;
}

/** So long after it a change in the vault counts, without a restart. */
const MAX_AGE_MS = 5 * 60_000;

export interface SecretsOptions {
  readonly identity: TokenCredential;
  readonly client?: KeyVaultOptions['client'];
  readonly now?: () => number;
}

/** Nothing is loaded or read before it is needed. */
export function createSecrets(
  config: Pick<Config, 'KEY_VAULT_URI' | 'API_KEYS' | 'VISION_KEY' | 'WEBHOOK_SECRET'>,
  { identity, client = {}, now = () => performance.now() }: SecretsOptions,
): Secrets {
  const { KEY_VAULT_URI: uri, API_KEYS: hashes, WEBHOOK_SECRET: set = null } = config;
  if (uri === undefined) {
    return { visionKey: null, apiKeyHashes: async () => hashes, webhookSecret: async () => set };
  }
  const vault = new KeyVault({ uri, credential: identity, client });
  const aged = (name: string) => new Secret({ read: () => vault.read(name), maxAge: MAX_AGE_MS, now });
  const apiKeys = aged('api-keys');
  const webhookSecret = aged('webhook-secret');
  return {
    apiKeyHashes: async () => (hashes.length > 0 ? hashes : parseHashes(await apiKeys.value())),
    visionKey: config.VISION_KEY === undefined ? visionKeyIn(vault, now) : null,
    webhookSecret: async () => set ?? webhookSecret.value(),
  };
}

function visionKeyIn(vault: KeyVault, now: () => number): VisionKey {
  const secret = new Secret({
    async read() {
      const key = await vault.read('vision-key');
      // It travels in a header, and what a header cannot hold would be told in the error that says so.
      if (key === null || /^[\x21-\x7e]+$/.test(key)) return key;
      throw new FailedError('secrets-unavailable', {
        detail: 'The secret vision-key has a character that no key has.',
      });
    },
    now,
  });
  return {
    value: () => secret.value(),
    async refresh() {
      await secret.refresh();
      if ((await secret.value()) !== null) return;
      throw new FailedError('secrets-unavailable', { detail: 'It has no secret vision-key.' });
    },
  };
}

function parseHashes(secret: string | null): readonly string[] {
  if (secret === null) return [];
  const parsed = keyHashes.safeParse(secret);
  if (parsed.success) return parsed.data;
  throw new FailedError('secrets-unavailable', {
    detail: 'Its secret api-keys is no list of SHA-256 hashes.',
  });
}
