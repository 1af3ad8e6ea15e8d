import { BlobServiceClient } from '@azure/storage-blob';
import { QueueServiceClient } from '@azure/storage-queue';

/** @returns why a storage account cannot be reached by this, as a phrase without any part of it; null where it can */
export function connectionFault(value: string): string | null {
  if (/["']/.test(value)) return 'has a quote in it: give the connection string alone';
  // The SDK passes over what is not base64, and signs with the rest.
  const key = /(?:^|;)\s*AccountKey=([^;]*)/.exec(value)?.[1]?.trim();
  if (key !== undefined && !/^[\w+/-]+={0,2}$/.test(key)) return 'has an AccountKey that is not base64';
  if (!isTaken(() => BlobServiceClient.fromConnectionString(value).getContainerClient('c').url)) {
    return 'is not a storage connection string (of an account: DefaultEndpointsProtocol, AccountName, AccountKey and EndpointSuffix or BlobEndpoint; or BlobEndpoint and SharedAccessSignature)';
  }
  if (!isTaken(() => QueueServiceClient.fromConnectionString(value).getQueueClient('q').url)) {
    return 'names no queue service (QueueEndpoint)';
  }
  return null;
}

/** The SDK says by an error of many kinds what it cannot use. */
function isTaken(address: () => string): boolean {
  try {
    return /^https?:$/.test(new URL(address()).protocol);
  } catch {
    return false;
  }
}
