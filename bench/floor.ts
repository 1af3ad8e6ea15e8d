import { buffer } from 'node:stream/consumers';
import type { ContainerClient } from '@azure/storage-blob';
import analysis from '@azure-rest/ai-vision-image-analysis';
import type { Config } from '../core/config.ts';
import { sharp } from '../core/image/sharp.ts';
import { promptName } from '../core/store/names.ts';

/** A prompt as the product stored it, to be stored again byte for byte. */
export interface StoredPrompt {
  readonly bytes: Uint8Array;
  readonly contentMd5: Uint8Array;
  readonly metadata: Record<string, string>;
}

/**
 * The least that any program would have to do for one image, by the same libraries: read it, shrink it to the JPEG that
 * is sent, make the raster that a palette needs, ask the service, store the answer. Nothing is checked, measured or
 * composed, so that the distance to it is the price of everything else.
 */
export function floor(
  container: ContainerClient,
  service: { readonly endpoint: string; readonly key: string },
  config: Config,
  prompt: StoredPrompt,
): (name: string) => Promise<void> {
  // CommonJS: the default import is all of its exports.
  const client = analysis.default(service.endpoint, { key: service.key }, { allowInsecureConnection: true });
  const maxSide = config.VISION_MAX_SIDE;

  return async (name) => {
    const { readableStreamBody } = await container.getBlobClient(name).download(0, config.MAX_IMAGE_BYTES);
    if (!readableStreamBody) throw new Error('storage sent no body');
    const bytes = await buffer(readableStreamBody);
    const jpeg = await sharp(bytes)
      .autoOrient()
      .resize({ width: maxSide, height: maxSide, fit: 'inside', withoutEnlargement: true })
      .jpeg({ quality: 80 })
      .toBuffer();
    await sharp(jpeg).resize({ width: 64, height: 64, fit: 'inside' }).raw().toBuffer();
    const { status } = await client.path('/imageanalysis:analyze').post({
      contentType: 'application/octet-stream',
      body: jpeg,
      queryParameters: { features: [...config.VISION_FEATURES] },
    });
    if (status !== '200') throw new Error(`the vision service answered ${status}`);
    await container.getBlockBlobClient(promptName(name)).upload(prompt.bytes, prompt.bytes.byteLength, {
      blobHTTPHeaders: { blobContentType: 'application/json', blobContentMD5: prompt.contentMd5 },
      metadata: prompt.metadata,
      conditions: { ifNoneMatch: '*' },
    });
  };
}
