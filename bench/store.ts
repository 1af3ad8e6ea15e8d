import { createHash } from 'node:crypto';
import { BlobServiceClient, type ContainerClient } from '@azure/storage-blob';
import { promptName } from '../core/store/names.ts';
import { STATE_PREFIXES } from '../core/store/state-prefixes.ts';
import type { StoredPrompt } from './floor.ts';

/** A container with copies of one photograph, which differ in a comment: the same content would be paid for once. */
export interface Store {
  readonly connectionString: string;
  readonly container: ContainerClient;
  /** Of the images. */
  readonly names: readonly string[];
  /** Makes an image new again, as if its content had never been seen. */
  forget(name: string): Promise<void>;
  prompt(name: string): Promise<StoredPrompt>;
}

export async function createStore(
  connectionString: string,
  photo: Uint8Array,
  copies: number,
): Promise<Store> {
  const service = BlobServiceClient.fromConnectionString(connectionString);
  const container = service.getContainerClient('images');
  const state = service.getContainerClient('prompt-state');
  await Promise.all([container.createIfNotExists(), state.createIfNotExists()]);
  const hashes = new Map<string, string>();
  for (let index = 0; index < copies; index++) {
    const name = `bench/${index}.jpg`;
    const copy = withComment(photo, name);
    await container.getBlockBlobClient(name).upload(copy, copy.byteLength, {
      blobHTTPHeaders: { blobContentType: 'image/jpeg' },
    });
    hashes.set(name, createHash('sha256').update(copy).digest('hex'));
  }
  return {
    connectionString,
    container,
    names: [...hashes.keys()],
    async forget(name) {
      await container.deleteBlob(promptName(name));
      for await (const { name: known } of state.listBlobsFlat({
        prefix: `${STATE_PREFIXES.analyses}${hashes.get(name)}/`,
      })) {
        await state.deleteBlob(known);
      }
    },
    async prompt(name) {
      const blob = container.getBlobClient(promptName(name));
      const { metadata = {}, contentMD5 } = await blob.getProperties();
      if (!contentMD5) throw new Error('the prompt was stored without its hash');
      return { bytes: await blob.downloadToBuffer(), contentMd5: contentMD5, metadata };
    },
  };
}

/** The JPEG with a comment put in front of all else (ITU-T T.81, B.2.4.5). */
function withComment(jpeg: Uint8Array, comment: string): Uint8Array {
  const data = Buffer.from(comment);
  const header = Buffer.of(0xff, 0xfe, 0, 0);
  header.writeUInt16BE(data.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), header, data, jpeg.subarray(2)]);
}
