import type * as z from 'zod';
import { RefusedError } from '../../errors.ts';
import type { ApiOptions } from '../options.ts';
import { type BodyPolicy, bodyTooLarge, contentType, readBytes } from './body.ts';
import { parseJson } from './strict-json.ts';

/** The largest body of any route that takes JSON alone. */
export const MAX_JSON_BYTES = 1024 * 1024;

/** Told of one body: a large one may have any number, and names of any length. */
const MAX_FAULTS = 10;
const MAX_FAULT_LENGTH = 200;

/**
 * A request's JSON body, of the shape that is asked for.
 * @throws RefusedError `unsupported-media-type`, `body-too-large`, `invalid-json`, `invalid-request`
 */
export async function readJson<T>(request: Request, schema: z.ZodType<T>, policy: BodyPolicy): Promise<T> {
  const body = await readJsonBytes(request, policy);
  return parseShape(parseJson(body), schema);
}

/** How the routes read bodies of at most so many bytes. */
export function bodyPolicy(
  { drainBodies, bodyDeadlineMs }: Pick<ApiOptions, 'drainBodies' | 'bodyDeadlineMs'>,
  maxBytes: number,
): BodyPolicy {
  return { maxBytes, drain: drainBodies, deadlineMs: bodyDeadlineMs, tooLarge: bodyTooLarge };
}

/** @throws RefusedError `unsupported-media-type`, `body-too-large` */
export async function readJsonBytes(request: Request, policy: BodyPolicy): Promise<Uint8Array> {
  // A page of another origin cannot send this type without asking first.
  if (contentType(request) !== 'application/json') {
    throw new RefusedError('unsupported-media-type', { detail: 'Send the body as application/json.' });
  }
  return readBytes(request, policy);
}

/** @throws RefusedError `invalid-request` naming every member that is wrong */
export function parseShape<T>(value: unknown, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.slice(0, MAX_FAULTS).map(({ path, message }) => {
    const steps = path.map((step) => String(step).replaceAll('~', '~0').replaceAll('/', '~1'));
    return {
      pointer: ['#', ...steps].join('/').slice(0, MAX_FAULT_LENGTH),
      detail: message.slice(0, MAX_FAULT_LENGTH),
    };
  });
  const told = faults.map(({ pointer, detail }) => [pointer.slice(2), detail].filter(Boolean).join(' '));
  throw new RefusedError('invalid-request', { detail: `In the body: ${told.join('; ')}.`, faults });
}
