import { type Context, Hono } from 'hono';
import * as z from 'zod';
import type { DescribeSettings } from '../../describe/describe-bytes.ts';
import { RefusedError } from '../../errors.ts';
import { errorName, isCandidate, promptName } from '../../store/names.ts';
import { bodyPolicy, MAX_JSON_BYTES, parseShape, readJsonBytes } from '../bodies/json-body.ts';
import { parseJson } from '../bodies/strict-json.ts';
import { isVersion } from '../etag.ts';
import type { Operation } from '../operation.ts';
import type { ApiEnv, ApiOptions } from '../options.ts';
import { imageName, nameFromPath, parseQuery, usableName } from '../request.ts';

const ROOT = '/api/prompts/';

const edited = z
  .looseObject({ prompt: z.string() })
  .describe('A prompt document. Only `prompt` is needed; whatever else is there is kept.');

export const EDIT_PROMPT = {
  id: 'editPrompt',
  method: 'PUT',
  path: '/api/prompts/{name}',
  summary: 'Edit a prompt',
  description:
    "Replaces an image's prompt by a person's. It is never overwritten from then on, even when the image changes.",
  headers: { 'if-match': 'The ETag of the version that was edited, or * for whichever is stored.' },
  neededHeaders: { 'if-match': '*' },
  body: { schema: edited, example: { prompt: 'a grey cat on a red chair, soft window light' } },
  answer: {
    status: 200,
    types: ['application/json'],
    schema: edited,
    headers: { ETag: 'Version of the prompt.' },
  },
  errors: [
    ...(['invalid-name', 'name-encoding', 'invalid-json', 'invalid-request', 'not-found'] as const),
    ...(['precondition-required', 'precondition-failed', 'body-too-large'] as const),
    ...(['unsupported-media-type', 'storage-unavailable'] as const),
  ],
} as const satisfies Operation;

type EditOptions = Pick<ApiOptions, 'blobs' | 'prefix' | 'drainBodies' | 'bodyDeadlineMs' | 'log'> & {
  readonly settings: Pick<DescribeSettings, 'tellNews'>;
};

/** `PUT /api/prompts/{name}`. */
export function editRoutes(options: EditOptions): Hono<ApiEnv> {
  const { blobs, prefix, settings, log } = options;
  return new Hono<ApiEnv>()
    .put('/', async (c) => edit(c, usableName(parseQuery(c, { name: imageName }).name)))
    .put('/*', async (c) => {
      parseQuery(c, {});
      return edit(c, nameFromPath(c, ROOT));
    });

  async function edit(c: Context<ApiEnv>, name: string): Promise<Response> {
    const { signal } = c.req.raw;
    if (!isCandidate(name, 'image/*', prefix)) throw new RefusedError('not-found');
    const ifMatch = c.req.header('if-match');
    if (ifMatch === undefined) throw new RefusedError('precondition-required');
    const body = await readJsonBytes(c.req.raw, bodyPolicy(options, MAX_JSON_BYTES));
    parseShape(parseJson(body), edited);

    const [image, prompt] = await Promise.all([
      blobs.head(name, signal),
      blobs.head(promptName(name), signal),
    ]);
    if (image === null || !isCandidate(name, image.contentType, prefix)) throw new RefusedError('not-found');
    if (prompt === null || !isVersion(ifMatch, `"${prompt.etag}"`))
      throw new RefusedError('precondition-failed');
    // Without our metadata: by that it is a person's.
    const written = await blobs.write(promptName(name), body, {
      contentType: 'application/json',
      condition: { etag: prompt.etag },
      signal,
    });
    if (written === 'conflict') throw new RefusedError('precondition-failed');
    settings.tellNews?.({ kind: 'edit', name, etag: written.etag, bytes: body });
    await blobs.remove(errorName(name)).catch((err) => {
      // The edit is stored; that an error stands beside it is for housekeeping.
      log.warn({ err, requestId: c.get('requestId') }, 'an outdated error JSON was not removed');
    });
    const headers = { etag: `"${written.etag}"`, 'content-type': 'application/json' };
    return c.body(Buffer.from(body), 200, headers);
  }
}
