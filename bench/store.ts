import { BlobServiceClient, type ContainerClient } from '@azure/storage-blob';
import { promptName } from '../core/store/names.ts';
import type { StoredPrompt } from './floor.ts';

/** A container with copies of one photograph. */
export interface Store {
  readonly connectionString: string;
  readonly container: ContainerClient;
  /** Of the images. */
  readonly names: readonly string[];
  /** Makes an image new again. */
  forget(name: string): Promise<void>;
  prompt(name: string): Promise<StoredPrompt>;
}

export async function createStore(
  connectionString: string,
  photo: Uint8Array,
  copies: number,
): Promise<Store> {
  const container = BlobServiceClient.fromConnectionString(connectionString).getContainerClient('images');
  await container.createIfNotExists();
  const names = Array.from({ length: copies }, (_, index) => `bench/${index}.jpg`);
  for (const name of names) {
    await container.getBlockBlobClient(name).upload(photo, photo.byteLength, {
      blobHTTPHeaders: { blobContentType: 'image/jpeg' },
    });
  }
  return {
    connectionString,
    container,
    names,
    async forget(name) {
      await container.deleteBlob(promptName(name));
    },
    async prompt(name) {
      const blob = container.getBlobClient(promptName(name));
      const { metadata = {}, contentMD5 } = await blob.getProperties();
      if (!contentMD5) throw new Error('the prompt was stored without its hash');
      return { bytes: await blob.downloadToBuffer(), contentMd5: contentMD5, metadata };
    },
  };
}
