import { Hono } from 'hono';
import * as z from 'zod';
import { RefusedError } from '../../errors.ts';
import { QR_FORMATS } from '../../qr/qr.ts';
import { requireAccepted } from '../guards/accept.ts';
import { schemeOf } from '../guards/client.ts';
import type { Operation } from '../operation.ts';
import type { ApiEnv, ApiOptions } from '../options.ts';
import { imageName, parseQuery, promptPath, usableName, wholeNumber } from '../request.ts';

const query = {
  text: z.string().min(1).optional(),
  name: imageName.optional().describe('Instead of a text: an image, whose prompt the code leads to.'),
  format: z.enum(QR_FORMATS, 'is neither png nor svg').default('png'),
  size: wholeNumber(64, 1024)
    .default(256)
    .describe('Pixels of a side, and no less than the code has modules.'),
};

const TYPES = { png: 'image/png', svg: 'image/svg+xml' } as const;

export const GET_QR_CODE = {
  id: 'getQrCode',
  method: 'GET',
  path: '/api/qr',
  summary: 'A QR code',
  description: "Of a text, or of the address at which an image's prompt is answered.",
  query,
  answer: { status: 200, types: Object.values(TYPES) },
  errors: ['invalid-name', 'invalid-request', 'qr-text-too-long', 'qr-busy', 'qr-unavailable'],
} as const satisfies Operation;

/** `GET /api/qr`. */
export function qrRoutes({ renderQr, trustedProxies }: ApiOptions): Hono<ApiEnv> {
  return new Hono<ApiEnv>().get('/', async (c) => {
    const { text, name, format, size } = parseQuery(c, query);
    if ((text === undefined) === (name === undefined)) {
      throw new RefusedError('invalid-request', { detail: 'In the query: either text or name is needed.' });
    }
    requireAccepted(c, [TYPES[format]]);
    const { host } = new URL(c.req.url);
    const origin = `${schemeOf(c, trustedProxies)}://${host}`;
    const content = text ?? new URL(promptPath(usableName(name ?? '')), origin).href;
    const image = await renderQr({ text: content, format, size }, c.req.raw.signal);
    return c.body(image, 200, {
      'content-type': TYPES[format],
      'cache-control': 'private, max-age=3600',
    });
  });
}
