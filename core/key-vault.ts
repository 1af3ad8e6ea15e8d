import type { TokenCredential } from '@azure/core-auth';
import type { SecretClient, SecretClientOptions } from '@azure/keyvault-secrets';
import { FailedError } from './errors.ts';

export interface KeyVaultOptions {
  /** Address of the vault. */
  readonly uri: string;
  readonly credential: TokenCredential;
  /** For a vault of another domain or certificate authority. */
  readonly client?: SecretClientOptions;
  /** Milliseconds in which a secret must have come; 10 seconds where nothing is said. */
  readonly deadlineMs?: number;
}

/** The SDK waits for ever on a vault that says nothing, and as long as a throttling one asks for. */
const DEADLINE_MS = 10_000;
const RETRY = { maxRetries: 2, retryDelayInMs: 200, maxRetryDelayInMs: 1_000 };

/** The secrets of an Azure Key Vault. Its SDK is loaded with the first secret. */
export class KeyVault {
  readonly #options: KeyVaultOptions;
  #client: Promise<SecretClient> | undefined;

  constructor(options: KeyVaultOptions) {
    this.#options = options;
  }

  /**
   * The latest version of a secret; null where the vault has none of this name.
   * @throws FailedError `secrets-unavailable` where the vault does not say
   */
  async read(name: string): Promise<string | null> {
    try {
      this.#client ??= connect(this.#options);
      const client = await this.#client;
      const { deadlineMs = DEADLINE_MS } = this.#options;
      const { value } = await client.getSecret(name, { abortSignal: AbortSignal.timeout(deadlineMs) });
      return value?.trim() || null;
    } catch (error) {
      if (member(error, 'code') === 'SecretNotFound') return null;
      throw new FailedError('secrets-unavailable', { detail: detailOf(name, error), cause: error });
    }
  }
}

async function connect({ uri, credential, client }: KeyVaultOptions): Promise<SecretClient> {
  const { SecretClient } = await import('@azure/keyvault-secrets');
  return new SecretClient(uri, credential, { retryOptions: RETRY, ...client });
}

function detailOf(name: string, error: unknown): string {
  const status = member(error, 'statusCode');
  if (status === 401 || status === 403) return `It does not let our identity read the secret ${name}.`;
  return `It does not answer to the question for the secret ${name}.`;
}

function member(error: unknown, key: 'code' | 'statusCode'): unknown {
  return typeof error === 'object' && error !== null ? Reflect.get(error, key) : undefined;
}
