import { Hono } from 'hono';
import { RefusedError } from '../../errors.ts';
import { CATALOG, catalog, MAX_CATALOG_BYTES } from '../../housekeeping/audit/catalog.ts';
import { hasVersion } from '../etag.ts';
import type { Operation } from '../operation.ts';
import type { ApiEnv, ApiOptions } from '../options.ts';
import { parseQuery } from '../request.ts';

export const GET_CATALOG = {
  id: 'getCatalog',
  method: 'GET',
  path: '/api/catalog',
  summary: 'What the last audit found',
  description:
    'Images and bytes by format and status; what is missing, stale, left over, failed or edited; names that make trouble elsewhere, each with a better one; duplicates; paid calls and their estimated cost. Written by every run of housekeeping. Lists have 1,000 entries at most, and a count of all.',
  headers: { 'if-none-match': 'The ETag of an earlier answer.' },
  answer: {
    status: 200,
    types: ['application/json'],
    schema: catalog,
    headers: { ETag: 'Version of the catalog.' },
  },
  otherAnswers: [{ status: 304, types: [], description: 'The version is the one that the client has.' }],
  errors: ['no-catalog', 'invalid-request', 'storage-unavailable'],
} as const satisfies Operation;

/** `GET /api/catalog`. */
export function catalogRoutes({ state }: Pick<ApiOptions, 'state'>): Hono<ApiEnv> {
  return new Hono<ApiEnv>().get('/', async (c) => {
    parseQuery(c, {});
    const { signal } = c.req.raw;
    const stored = await state.read(CATALOG, { maxBytes: MAX_CATALOG_BYTES, signal });
    if (stored === null || stored.bytes === null) throw new RefusedError('no-catalog');
    const etag = `"${stored.etag}"`;
    if (hasVersion(c.req.header('if-none-match'), etag)) return c.body(null, 304, { etag });
    return c.body(Buffer.from(stored.bytes), 200, { etag, 'content-type': 'application/json' });
  });
}
