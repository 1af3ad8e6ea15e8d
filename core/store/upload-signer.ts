import { isTokenCredential } from '@azure/core-auth';
import {
  BlobSASPermissions,
  type BlobServiceClient,
  generateBlobSASQueryParameters,
  SASProtocol,
  type SASQueryParameters,
  StorageSharedKeyCredential,
  type UserDelegationKey,
} from '@azure/storage-blob';
import { FailedError, RefusedError } from '../errors.ts';
import type { Blobs } from './blobs.ts';

const CREATE = BlobSASPermissions.parse('c');

const MINUTE_MS = 60_000;
const VALID_MS = 10 * MINUTE_MS;

/** Of the key that storage gives to an identity: as long as its clock and ours may differ, and as it is used. */
const SKEW_MS = 5 * MINUTE_MS;
const KEY_MS = 60 * MINUTE_MS;

const DEADLINE_MS = 15_000;

export interface SignedUpload {
  readonly url: string;
  readonly expiresAt: Date;
}

/**
 * Signs addresses that one new blob can be stored at. Signed with the account's key where the connection string has it,
 * otherwise with a key that storage gives to the identity for an hour.
 * https://learn.microsoft.com/rest/api/storageservices/create-user-delegation-sas
 */
export class UploadSigner {
  readonly #service: BlobServiceClient;
  readonly #blobs: Blobs;
  readonly #now: () => number;
  #key: Promise<UserDelegationKey> | undefined;
  #keyEndsAt = 0;

  /** @param now milliseconds since the epoch */
  constructor(service: BlobServiceClient, blobs: Blobs, now: () => number) {
    this.#service = service;
    this.#blobs = blobs;
    this.#now = now;
  }

  /**
   * The address is for this name alone, to create and nothing else: what is there can be neither replaced nor read.
   * @throws RefusedError `invalid-name`, `uploads-not-supported`; FailedError `uploads-unavailable`
   */
  async sign(name: string): Promise<SignedUpload> {
    const url = new URL(this.#blobs.url(name));
    // Storage counts in whole seconds.
    const expiresAt = new Date(Math.floor((this.#now() + VALID_MS) / 1_000) * 1_000);
    const signed = await this.#query({
      containerName: this.#blobs.container,
      blobName: name,
      permissions: CREATE,
      // An emulator is reached by http, and then whoever set it up has chosen so.
      protocol: url.protocol === 'http:' ? SASProtocol.HttpsAndHttp : SASProtocol.Https,
      expiresOn: expiresAt,
    });
    return { url: `${url.href}?${signed}`, expiresAt };
  }

  async #query(values: Parameters<typeof generateBlobSASQueryParameters>[0]): Promise<SASQueryParameters> {
    const { credential, accountName } = this.#service;
    if (credential instanceof StorageSharedKeyCredential) {
      return generateBlobSASQueryParameters(values, credential);
    }
    if (!isTokenCredential(credential)) throw new RefusedError('uploads-not-supported');
    return generateBlobSASQueryParameters(values, await this.#delegationKey(), accountName);
  }

  /** One for an hour, asked for once however many wait for it; a failure is not kept. */
  #delegationKey(): Promise<UserDelegationKey> {
    const now = this.#now();
    // It has to outlive what is signed with it.
    if (this.#key && this.#keyEndsAt >= now + VALID_MS + MINUTE_MS) return this.#key;
    this.#keyEndsAt = now + KEY_MS;
    const key = this.#fetchKey(now);
    this.#key = key;
    key.catch(() => {
      if (this.#key === key) this.#key = undefined;
    });
    return key;
  }

  async #fetchKey(now: number): Promise<UserDelegationKey> {
    try {
      return await this.#service.getUserDelegationKey(new Date(now - SKEW_MS), new Date(now + KEY_MS), {
        abortSignal: AbortSignal.timeout(DEADLINE_MS),
      });
    } catch (cause) {
      throw new FailedError('uploads-unavailable', { cause });
    }
  }
}
