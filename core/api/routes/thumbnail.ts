import { type Context, Hono } from 'hono';
import { RefusedError } from '../../errors.ts';
import { shrinkToWebp } from '../../image/decode.ts';
import { decoding } from '../../image/decoding.ts';
import { inspectImage } from '../../image/inspect.ts';
import { isCandidate } from '../../store/names.ts';
import { hasVersion } from '../etag.ts';
import type { Operation } from '../operation.ts';
import type { ApiEnv, ApiOptions } from '../options.ts';
import { imageName, nameFromPath, parseQuery, usableName, wholeNumber } from '../request.ts';

const ROOT = '/api/thumbnails/';

const query = {
  size: wholeNumber(16, 512)
    .default(256)
    .describe('Longest side, in pixels; a smaller image keeps its size.'),
};

export const GET_THUMBNAIL = {
  id: 'getThumbnail',
  method: 'GET',
  path: '/api/thumbnails/{name}',
  summary: 'A small picture of an image',
  description: 'Decoded and encoded anew, upright and without metadata: never the bytes that were stored.',
  query,
  headers: { 'if-none-match': 'The ETag of an earlier answer.' },
  answer: { status: 200, types: ['image/webp'], headers: { ETag: 'Version of the image, and its size.' } },
  otherAnswers: [{ status: 304, types: [], description: 'The version is the one that the client has.' }],
  errors: [
    ...(['invalid-name', 'name-encoding', 'invalid-request', 'not-found', 'image-too-large'] as const),
    ...(['unsupported-image', 'empty-image', 'image-truncated', 'image-corrupt'] as const),
    ...(['image-too-many-pixels', 'image-too-small', 'image-aspect-ratio', 'blob-archived'] as const),
    ...(['busy', 'storage-unavailable'] as const),
  ],
} as const satisfies Operation;

/** In seconds; asked again after that, it mostly is the same (304). */
const MAX_AGE = 60;

/** `GET /api/thumbnails/{name}`. */
export function thumbnailRoutes({ blobs, settings, prefix }: ApiOptions): Hono<ApiEnv> {
  return new Hono<ApiEnv>()
    .get('/', async (c) => {
      const { name, size } = parseQuery(c, { ...query, name: imageName });
      return thumbnail(c, usableName(name), size);
    })
    .get('/*', async (c) => thumbnail(c, nameFromPath(c, ROOT), parseQuery(c, query).size));

  async function thumbnail(c: Context<ApiEnv>, name: string, size: number): Promise<Response> {
    const { signal } = c.req.raw;
    if (!isCandidate(name, 'image/*', prefix)) throw new RefusedError('not-found');
    const image = await blobs.head(name, signal);
    if (image === null || !isCandidate(name, image.contentType, prefix)) throw new RefusedError('not-found');
    const headers = (etag: string) => ({
      etag: `"${etag}-${size}"`,
      'cache-control': `private, max-age=${MAX_AGE}`,
    });
    const known = headers(image.etag);
    if (hasVersion(c.req.header('if-none-match'), known.etag)) return c.body(null, 304, known);
    const { webp, etag } = await make(name, size, signal);
    return c.body(Buffer.from(webp), 200, { ...headers(etag), 'content-type': 'image/webp' });
  }

  async function make(name: string, size: number, signal: AbortSignal) {
    const { limits } = settings;
    const image = await blobs.read(name, { maxBytes: limits.maxBytes, signal });
    if (image === null) throw new RefusedError('not-found');
    if (image.bytes === null) throw new RefusedError('image-too-large');
    await inspectImage(image.bytes, limits);
    const { bytes, etag } = image;
    const { maxPixels } = limits;
    // Whoever has gone away while it waited needs no picture.
    const webp = await decoding(() => shrinkToWebp(bytes, { maxSide: size, maxPixels, signal }));
    return { webp, etag };
  }
}
