import { Hono } from 'hono';
import { RefusedError } from '../../errors.ts';
import { hasVersion } from '../etag.ts';
import type { Operation } from '../operation.ts';
import type { ApiEnv } from '../options.ts';
import { docsFile } from './docs-files.ts';

export const GET_OPENAPI = {
  id: 'getOpenApi',
  method: 'GET',
  path: '/api/openapi.json',
  summary: 'This document',
  description: 'OpenAPI 3.1, made of the very schemas that requests are validated with.',
  isOpen: true,
  answer: { status: 200, types: ['application/json'] },
  errors: ['internal'],
} as const satisfies Operation;

export const GET_DOCS = {
  id: 'getDocs',
  method: 'GET',
  path: '/api/docs',
  summary: 'This document as a page',
  description: 'Swagger UI. Nothing is loaded from elsewhere.',
  isOpen: true,
  headers: { 'if-none-match': 'The ETag of an earlier answer.' },
  answer: { status: 200, types: ['text/html'] },
  otherAnswers: [{ status: 304, types: [], description: 'The version is the one that the client has.' }],
  errors: ['internal'],
} as const satisfies Operation;

/** The page may load its own script and style sheet, icons that are written into the latter, and call this server. */
const CSP = [
  ...[
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
  ],
  ...["frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"],
].join('; ');

/** Ours may change with every version of the program; Swagger UI's own files hardly ever do. */
const isOwn = (name: string) => name === '' || name === 'start.js';
const WEEK = 'public, max-age=604800';

/** `GET /api/openapi.json` and `GET /api/docs` with its files: open to everyone. */
export function openApiRoutes(): Hono<ApiEnv> {
  let document: string | undefined;
  return new Hono<ApiEnv>()
    .get('/openapi.json', async (c) => {
      // Loaded when asked for: most instances never are.
      document ??= JSON.stringify((await import('./document.ts')).openApiDocument());
      return c.body(document, 200, { 'content-type': 'application/json', 'cache-control': 'no-cache' });
    })
    .get('/docs/:file?', (c) => {
      const name = c.req.param('file') ?? '';
      const file = docsFile(name);
      if (file === undefined) throw new RefusedError('not-found');
      const headers = {
        etag: file.etag,
        'cache-control': isOwn(name) ? 'no-cache' : WEEK,
        'content-security-policy': CSP,
      };
      if (hasVersion(c.req.header('if-none-match'), file.etag)) return c.body(null, 304, headers);
      return c.body(file.bytes, 200, { ...headers, 'content-type': file.type });
    });
}
