import { Hono } from 'hono';
import * as z from 'zod';
import { RefusedError } from '../../errors.ts';
import { isCandidate } from '../../store/names.ts';
import { bodyPolicy, readJson } from '../bodies/json-body.ts';
import type { Operation } from '../operation.ts';
import type { ApiEnv, ApiOptions } from '../options.ts';
import { imageName, notAnImage, parseQuery, usableName } from '../request.ts';

const MAX_BYTES = 64 * 1024;

const body = z.strictObject({
  name: imageName.describe('Of the new image.'),
  contentType: z
    .string()
    .regex(/^image\/[a-z0-9][a-z0-9.+-]{0,100}$/i, 'is not the type of an image')
    .optional()
    .describe('Needed where the name has no extension.'),
});

const answer = z.object({
  name: z.string(),
  url: z.string().describe('Signed for this one blob, to create it and nothing else. Keep it as a secret.'),
  method: z.literal('PUT'),
  headers: z.record(z.string(), z.string()).describe('To be sent with the image.'),
  expiresAt: z.iso.datetime(),
});

export const SIGN_UPLOAD = {
  id: 'signUpload',
  method: 'POST',
  path: '/api/uploads',
  summary: 'Get an address to upload an image to',
  description:
    'A signed address, good for ten minutes, at which one new image can be stored without this server in between. It is described as any that is dropped.',
  body: { schema: body, example: { name: 'holiday/cat.jpg', contentType: 'image/jpeg' } },
  answer: { status: 200, types: ['application/json'], schema: answer },
  errors: [
    ...(['invalid-name', 'invalid-json', 'invalid-request', 'name-taken', 'body-too-large'] as const),
    ...(['unsupported-media-type', 'uploads-not-supported', 'uploads-unavailable'] as const),
    'storage-unavailable',
  ],
} as const satisfies Operation;

/** `POST /api/uploads`. */
export function uploadRoutes(options: ApiOptions): Hono<ApiEnv> {
  const { blobs, uploads, prefix } = options;
  return new Hono<ApiEnv>().post('/', async (c) => {
    parseQuery(c, {});
    const asked = await readJson(c.req.raw, body, bodyPolicy(options, MAX_BYTES));
    const name = usableName(asked.name);
    if (!isCandidate(name, asked.contentType ?? null, prefix)) throw notAnImage(prefix);
    // Only a courtesy: the address itself cannot replace anything.
    if ((await blobs.head(name, c.req.raw.signal)) !== null) throw new RefusedError('name-taken');
    const { url, expiresAt } = await uploads.sign(name);
    const type = asked.contentType === undefined ? {} : { 'content-type': asked.contentType };
    const headers = { 'x-ms-blob-type': 'BlockBlob', ...type };
    const signed = { name, url, method: 'PUT', headers, expiresAt: expiresAt.toISOString() };
    return c.json(signed, 200, { 'cache-control': 'no-store' });
  });
}
