import * as z from 'zod';
import type { ZodOpenApiResponseObject, ZodOpenApiResponsesObject } from 'zod-openapi';
import { PROBLEMS, type ProblemCode } from '../../errors.ts';
import type { Operation } from '../operation.ts';

export const problem = z
  .looseObject({
    type: z.string().describe('The code, too: nothing is published under it.'),
    code: z.string().describe('One of those that are listed for the status.'),
    title: z.string().describe('The same for all problems with this code.'),
    status: z
      .int()
      .describe('The status of the answer; of a stored problem, the one that it would have had.'),
    detail: z.string().optional().describe('What was wrong this time.'),
    errors: z
      .array(
        z.object({
          detail: z.string(),
          parameter: z.string().optional().describe('Of the query.'),
          pointer: z.string().optional().describe('Into the body, as RFC 6901 has it.'),
        }),
      )
      .optional()
      .describe('Everything that was wrong, each with its place.'),
    instance: z.string().optional().describe('The path that was asked.'),
    requestId: z.string().optional().describe('By which the log tells of it.'),
  })
  .meta({ title: 'Problem', description: 'An RFC 9457 problem document.' });

/** What any route answers that stands behind the guards. */
const GUARDED: readonly ProblemCode[] = [
  ...(['invalid-request', 'unauthorized', 'origin-not-allowed', 'not-acceptable'] as const),
  'rate-limited',
  ...(['auth-not-configured', 'secrets-unavailable', 'internal'] as const),
];

/** What a body brings with it; the last four an `Idempotency-Key`. */
const WITH_BODY: readonly ProblemCode[] = [
  ...(['body-timeout', 'unsupported-media-type', 'image-too-large'] as const),
  ...(['idempotency-in-progress', 'idempotency-mismatch', 'storage-unavailable'] as const),
];

const RETRY_AFTER = {
  description: 'Seconds after which it may be tried again.',
  schema: { type: 'string', pattern: '^\\d+$' },
} as const;

/** Every problem that an operation answers. */
function problemsOf({ method, isOpen, errors }: Operation): readonly ProblemCode[] {
  const guarded = isOpen ? [] : GUARDED;
  return [...new Set([...errors, ...guarded, ...(method === 'GET' ? [] : WITH_BODY)])];
}

/** A response for each status, with an example for each code. */
export function problemResponses(operation: Operation): ZodOpenApiResponsesObject {
  const byStatus = Map.groupBy(problemsOf(operation), (code) => PROBLEMS[code].status);
  return Object.fromEntries(
    [...byStatus].sort(([a], [b]) => a - b).map(([status, codes]) => [status, response(operation, codes)]),
  );
}

function response({ path }: Operation, codes: readonly ProblemCode[]): ZodOpenApiResponseObject {
  const examples = codes.map((code) => {
    const { status, title } = PROBLEMS[code];
    return [code, { value: { type: code, code, title, status, instance: path, requestId: 'a1b2' } }] as const;
  });
  const isRetryable = codes.some((code) => [429, 503].includes(PROBLEMS[code].status));
  return {
    description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code].title}`).join('\n\n'),
    ...(isRetryable && { headers: { 'Retry-After': RETRY_AFTER } }),
    content: { 'application/problem+json': { schema: problem, examples: Object.fromEntries(examples) } },
  };
}
