import { type Context, Hono } from 'hono';
import type * as z from 'zod';
import { RefusedError } from '../../errors.ts';
import { pageOfImages } from '../../store/image-page.ts';
import type { ListedImage } from '../../store/listing.ts';
import { errorName, isCandidate } from '../../store/names.ts';
import { statusOf } from '../../store/prompts.ts';
import { hasVersion } from '../etag.ts';
import type { ApiEnv, ApiOptions } from '../options.ts';
import { nameFromPath, parseQuery, promptPath, usableName } from '../request.ts';
import { listQuery, type promptList, type StatusFilter } from './prompt-operations.ts';
import { readProblem, readPrompt } from './stored-prompt.ts';

const ROOT = '/api/prompts/';
/** What a client should wait before it asks again for a prompt that is not there yet, in seconds. */
const PENDING_RETRY_AFTER = '2';

/** `GET /api/prompts` and `GET /api/prompts/{name}`. */
export function promptRoutes({ blobs, prefix }: ApiOptions): Hono<ApiEnv> {
  return new Hono<ApiEnv>()
    .get('/', async (c) => {
      const query = parseQuery(c, listQuery);
      if (query.name !== undefined) return answerPrompt(c, usableName(query.name));
      const page = await pageOfImages(blobs, {
        prefix: query.prefix.startsWith(prefix) ? query.prefix : prefix,
        limit: query.limit,
        cursor: query.cursor,
        wanted: (image) =>
          image.image.name.startsWith(query.prefix) &&
          (query.status === undefined || has(image, query.status)),
        signal: c.req.raw.signal,
      });
      return c.json({ items: page.images.map(summary), cursor: page.cursor });
    })
    .get('/*', async (c) => {
      parseQuery(c, {});
      return answerPrompt(c, nameFromPath(c, ROOT));
    });

  async function answerPrompt(c: Context, name: string): Promise<Response> {
    const { signal } = c.req.raw;
    // The candidate rule needs the content type only where a name has no extension.
    if (!isCandidate(name, 'image/*', prefix)) throw new RefusedError('not-found');
    const [image, stored] = await Promise.all([blobs.head(name, signal), readPrompt(blobs, name, signal)]);
    if (image === null || !isCandidate(name, image.contentType, prefix)) throw new RefusedError('not-found');
    const status = statusOf({
      image: { name, ...image },
      prompt: stored && { name, ...stored.blob },
      error: null,
    });
    if (stored && status !== 'pending') {
      const etag = `"${stored.blob.etag}"`;
      if (hasVersion(c.req.header('if-none-match'), etag)) return c.body(null, 304, { etag });
      return c.body(Buffer.from(stored.bytes), 200, { etag, 'content-type': 'application/json' });
    }
    const problem = await readProblem(blobs, errorName(name), image.etag, signal);
    if (problem) return c.body(Buffer.from(problem), 422, { 'content-type': 'application/problem+json' });
    const body = { name, status: 'pending' };
    return c.json(body, 202, { 'retry-after': PENDING_RETRY_AFTER, 'cache-control': 'no-store' });
  }
}

/** An image as the list shows it: all of it is known from the listing. */
function summary(listed: ListedImage): z.infer<typeof promptList>['items'][number] {
  const { image, prompt, error } = listed;
  const status = statusOf(listed);
  return {
    name: image.name,
    status,
    degraded: isDegraded(listed),
    code: status === 'failed' ? (error?.metadata.code ?? 'invalid-name') : null,
    etag: image.etag,
    bytes: image.size,
    contentType: image.contentType,
    lastModified: image.lastModified.toISOString(),
    promptedAt: prompt?.lastModified.toISOString() ?? null,
    href: promptPath(image.name),
  };
}

/** `degraded` is a kind of `done`: with the provider `local` every prompt is both. */
function has(listed: ListedImage, status: StatusFilter): boolean {
  return status === 'degraded' ? isDegraded(listed) : statusOf(listed) === status;
}

function isDegraded(listed: ListedImage): boolean {
  return statusOf(listed) === 'done' && listed.prompt?.metadata.degraded === 'true';
}
