import { Hono } from 'hono';
import * as z from 'zod';
import { FailedError } from '../../errors.ts';
import type { Operation } from '../operation.ts';
import type { ApiEnv, ApiOptions } from '../options.ts';
import { namePrefix, parseQuery } from '../request.ts';
import { promptLines } from './export-lines.ts';

const query = {
  format: z.literal('jsonl', 'is not jsonl'),
  prefix: namePrefix.default(''),
};

export const EXPORT_PROMPTS = {
  id: 'exportPrompts',
  method: 'GET',
  path: '/api/export',
  summary: 'All prompts as a stream',
  description:
    'A line of JSON for every image under a prefix that has its prompt, in the order of the names. `file_name` counts from the folder of the prefix, as a dataset with a metadata.jsonl has it; `text` is the prompt. A stream that breaks off is not complete.',
  query,
  answer: {
    ...{ status: 200, types: ['application/jsonl'] },
    example: {
      ...{ file_name: 'cat.jpg', text: 'a grey cat', name: 'holiday/cat.jpg', prompt: 'a grey cat' },
      ...{ negativePrompt: null, altText: 'A grey cat.', etag: '0x8DC0FFEE' },
    },
  },
  errors: ['invalid-request', 'storage-unavailable'],
} as const satisfies Operation;

/** `GET /api/export`. */
export function exportRoutes({ blobs, prefix, log }: ApiOptions): Hono<ApiEnv> {
  return new Hono<ApiEnv>().get('/', async (c) => {
    const asked = parseQuery(c, query);
    const { signal } = c.req.raw;
    const requestId = c.get('requestId');
    const lines = promptLines(blobs, { prefix: asked.prefix, root: prefix, signal });
    // What fails at once is answered as a problem; later it can only break off the stream.
    const first = await lines.next();
    const rest = async function* () {
      if (!first.done) yield first.value;
      yield* lines;
    };
    const report = (err: unknown) => {
      if (!signal.aborted) log.error({ err, requestId }, 'an export broke off');
    };
    return c.body(toStream(rest(), report), 200, {
      'content-type': 'application/jsonl',
      'content-disposition': 'attachment; filename="metadata.jsonl"',
      'cache-control': 'no-store',
    });
  });
}

/** Nothing is read before it is asked for, so that a slow reader costs no memory. */
function toStream(
  chunks: AsyncGenerator<string, void>,
  report: (error: unknown) => void,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await chunks.next();
          if (done) controller.close();
          else controller.enqueue(encoder.encode(value));
        } catch (error) {
          report(error);
          controller.error(new FailedError('storage-unavailable', { cause: error }));
        }
      },
      async cancel() {
        await chunks.return();
      },
    },
    { highWaterMark: 0 },
  );
}
