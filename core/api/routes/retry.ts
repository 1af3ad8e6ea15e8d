import { Hono } from 'hono';
import pLimit from 'p-limit';
import * as z from 'zod';
import { RefusedError } from '../../errors.ts';
import { encodeEvent } from '../../queue/message.ts';
import type { ListedBlob } from '../../store/blobs.ts';
import { pageOfImages } from '../../store/image-page.ts';
import { errorName, isCandidate, promptName } from '../../store/names.ts';
import { statusOf } from '../../store/prompts.ts';
import { bodyPolicy, readJson } from '../bodies/json-body.ts';
import type { Operation } from '../operation.ts';
import type { ApiEnv, ApiOptions } from '../options.ts';
import { imageName, namePrefix, parseQuery, usableName } from '../request.ts';

const MAX_BYTES = 64 * 1024;

/** Messages that are sent at once, of one request. */
const PARALLEL = 8;

const body = z.union(
  [
    z.strictObject({ name: imageName }),
    z.strictObject({
      prefix: namePrefix,
      cursor: z.string().optional(),
      limit: z.int().min(1).max(1000).default(1000),
    }),
  ],
  'it is neither {"name"} nor {"prefix"} with, perhaps, "cursor" and "limit" (1 to 1000)',
);

const answer = z.object({
  queued: z.int().min(0).describe('Images that were queued by this request.'),
  cursor: z.string().nullable().describe('Send it with the same prefix to go on; null at the end.'),
});

export const RETRY_IMAGES = {
  id: 'retryImages',
  method: 'POST',
  path: '/api/retries',
  summary: 'Try failed images again',
  description:
    'Puts an image that failed, or those under a prefix, back on the queue, with all their tries. Under a prefix a request goes so far as one page of the listing; go on while there is a cursor.',
  body: { schema: body, example: { prefix: 'holiday/' } },
  answer: {
    status: 202,
    types: ['application/json'],
    schema: answer,
    example: { queued: 3, cursor: null },
  },
  errors: [
    ...(['invalid-name', 'invalid-json', 'invalid-request', 'not-found', 'not-failed'] as const),
    ...(['body-too-large', 'unsupported-media-type', 'storage-unavailable'] as const),
  ],
} as const satisfies Operation;

/** `POST /api/retries`. */
export function retryRoutes(options: ApiOptions): Hono<ApiEnv> {
  const { blobs, events, prefix } = options;
  return new Hono<ApiEnv>().post('/', async (c) => {
    parseQuery(c, {});
    const { signal } = c.req.raw;
    const asked = await readJson(c.req.raw, body, bodyPolicy(options, MAX_BYTES));
    if ('name' in asked) {
      await retryOne(usableName(asked.name), signal);
      return c.json({ queued: 1, cursor: null }, 202);
    }
    const page = await pageOfImages(blobs, {
      prefix: asked.prefix.startsWith(prefix) ? asked.prefix : prefix,
      limit: asked.limit,
      cursor: asked.cursor,
      // A name without room for an error JSON has failed, too, and will at every try.
      wanted: (listed) =>
        listed.image.name.startsWith(asked.prefix) && listed.error !== null && statusOf(listed) === 'failed',
      signal,
    });
    const atOnce = pLimit(PARALLEL);
    await Promise.all(page.images.map(({ image }) => atOnce(() => queue(image.name, image.etag, signal))));
    return c.json({ queued: page.images.length, cursor: page.cursor }, 202);
  });

  async function retryOne(name: string, signal: AbortSignal): Promise<void> {
    if (!isCandidate(name, 'image/*', prefix)) throw new RefusedError('not-found');
    const names = [name, promptName(name), errorName(name)] as const;
    const [image, prompt, error] = await Promise.all(names.map((one) => head(one, signal)));
    if (!image || !isCandidate(name, image.contentType, prefix)) throw new RefusedError('not-found');
    const status = statusOf({ image, prompt: prompt ?? null, error: error ?? null });
    if (status !== 'failed') throw new RefusedError('not-failed');
    await queue(name, image.etag, signal);
  }

  async function head(name: string, signal: AbortSignal): Promise<ListedBlob | null> {
    const found = await blobs.head(name, signal);
    return found && { name, ...found };
  }

  async function queue(name: string, etag: string, signal: AbortSignal): Promise<void> {
    await events.send(encodeEvent({ container: blobs.container, name, etag, tries: 0 }), { signal });
  }
}
