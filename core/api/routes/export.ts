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
    status: 200,
    types: ['application/jsonl'],
    example: {
      file_name: 'cat.jpg',
      text: 'a grey cat',
      name: 'holiday/cat.jpg',
      prompt: 'a grey cat',
      negativePrompt: null,
      altText: 'A grey cat.',
      etag: '0x8DC0FFEE',
    },
  },
  errors: ['invalid-request', 'busy', 'storage-unavailable'],
} as const satisfies Operation;

/** Each holds some prompts, and a page of the listing, for as long as its reader takes. */
const MAX_EXPORTS = 8;
const RETRY_AFTER = '10';

/** A reader who takes nothing for so long is given up, so that the next one can begin. */
const STALLED_MS = 30_000;

/** `GET /api/export`. */
export function exportRoutes({ blobs, prefix, log, bodyDeadlineMs = STALLED_MS }: ApiOptions): Hono<ApiEnv> {
  let running = 0;
  return new Hono<ApiEnv>().get('/', async (c) => {
    const asked = parseQuery(c, query);
    const { signal } = c.req.raw;
    const requestId = c.get('requestId');
    if (running >= MAX_EXPORTS) throw new FailedError('busy', { headers: { 'retry-after': RETRY_AFTER } });
    running++;
    const lines = counted(
      promptLines(blobs, { prefix: asked.prefix, root: prefix, signal }),
      () => running--,
    );
    // What fails at once is answered as a problem; later it can only break off the stream.
    const first = await lines.next();
    const rest = async function* () {
      if (!first.done) yield first.value;
      yield* lines;
    };
    const report = (err: unknown) => {
      if (!signal.aborted) log.error({ err, requestId }, 'an export broke off');
    };
    const headers = {
      'content-type': 'application/jsonl',
      'content-disposition': 'attachment; filename="metadata.jsonl"',
      'cache-control': 'no-store',
    };
    // Of an answer to HEAD nobody would read or end the stream.
    if (c.req.method === 'HEAD') {
      await lines.return();
      return c.body(null, 200, headers);
    }
    const end = async () => {
      await lines.return();
    };
    return c.body(toStream(rest(), { report, end, stalledMs: bodyDeadlineMs }), 200, headers);
  });
}

async function* counted<T>(values: AsyncGenerator<T, void>, ended: () => void): AsyncGenerator<T, void> {
  try {
    yield* values;
  } finally {
    ended();
  }
}

interface StreamOptions {
  readonly report: (error: unknown) => void;
  /** Called once nobody reads on. */
  readonly end: () => Promise<void>;
  readonly stalledMs: number;
}

/** Nothing is read before it is asked for, so that a slow reader costs no memory. */
function toStream(
  chunks: AsyncGenerator<string, void>,
  { report, end, stalledMs }: StreamOptions,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let stalled: NodeJS.Timeout | undefined;
  const wait = (controller: ReadableStreamDefaultController) => {
    stalled = setTimeout(() => {
      controller.error(new FailedError('busy'));
      void end();
    }, stalledMs).unref();
  };
  return new ReadableStream<Uint8Array>(
    {
      start: wait,
      async pull(controller) {
        clearTimeout(stalled);
        try {
          const { done, value } = await chunks.next();
          if (done) {
            controller.close();
            return;
          }
          controller.enqueue(encoder.encode(value));
          wait(controller);
        } catch (error) {
          report(error);
          controller.error(new FailedError('storage-unavailable', { cause: error }));
        }
      },
      async cancel() {
        clearTimeout(stalled);
        await end();
      },
    },
    { highWaterMark: 0 },
  );
}
