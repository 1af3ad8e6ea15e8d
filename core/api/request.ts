import type { Context } from 'hono';
import * as z from 'zod';
import { RefusedError } from '../errors.ts';
import { isListable, MAX_BLOB_NAME, MAX_IMAGE_NAME, nameFault } from '../store/names.ts';

/** Query values come as strings; only what a route names is taken. */
export const flag = z
  .enum(['true', 'false'], 'is neither true nor false')
  .transform((value) => value === 'true')
  .meta({ override: { type: 'boolean', enum: undefined } });

export const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'is not a whole number')
    .transform(Number)
    .pipe(z.number().min(min).max(max))
    .meta({ override: { type: 'integer', minimum: min, maximum: max, pattern: undefined } });

/** As `isListable` has it. What else makes a name unusable, such as a `..` segment, no generator of requests understands. */
const LISTABLE = '[^\\u0000-\\u001f\\u007f-\\u009f\\ufffe\\uffff]';

/** A name in a query or a body; what is wrong with it is `usableName`'s to say. */
export const imageName = z
  .string()
  .meta({ override: { minLength: 1, maxLength: MAX_IMAGE_NAME, pattern: `^${LISTABLE}+$` } });

/** What names begin with. */
export const namePrefix = z
  .string()
  .max(MAX_BLOB_NAME, 'is longer than any name')
  .refine(isListable, 'has a character that no name has')
  .meta({ override: { maxLength: MAX_BLOB_NAME, pattern: `^${LISTABLE}*$` } });

/** Told of one query, which may have thousands of parameters, or one with a name as long as the query may be. */
const MAX_FAULTS = 10;
const MAX_PARAMETER_LENGTH = 100;

/** @throws RefusedError `invalid-request` naming every parameter that is wrong or unknown */
export function parseQuery<T extends z.ZodRawShape>(c: Context, shape: T): z.infer<z.ZodObject<T>> {
  refuseUndecodable(c);
  const given = Object.fromEntries(
    Object.entries(c.req.queries()).map(([key, values]) => [key, values.length === 1 ? values[0] : values]),
  );
  const parsed = z.strictObject(shape).safeParse(given);
  if (parsed.success) return parsed.data;
  const all = parsed.error.issues.flatMap((issue) => {
    const names = issue.code === 'unrecognized_keys' ? issue.keys : [issue.path.join('.')];
    const detail = issue.code === 'unrecognized_keys' ? 'is not a parameter here' : issue.message;
    return names.map((parameter) => ({ parameter: parameter.slice(0, MAX_PARAMETER_LENGTH), detail }));
  });
  const faults = all.slice(0, MAX_FAULTS);
  const detail = `In the query: ${faults.map((fault) => `${fault.parameter} ${fault.detail}`).join('; ')}.`;
  throw new RefusedError('invalid-request', { detail, faults });
}

/** What cannot be decoded would be taken as it is written, and name something else than in a path. */
function refuseUndecodable(c: Context): void {
  try {
    decodeURIComponent(new URL(c.req.url).search);
  } catch (cause) {
    throw new RefusedError('invalid-request', { detail: 'The query is not percent-encoded UTF-8.', cause });
  }
}

/**
 * The image's name out of a path: everything behind the route's own prefix, with its slashes.
 * @throws RefusedError `name-encoding` for an encoded slash, which hosts decode differently
 */
export function nameFromPath(c: Context, root: string): string {
  const { pathname } = new URL(c.req.url);
  // The router decodes before it compares, so it takes `/%61pi/` for `/api/`.
  if (!pathname.startsWith(root)) throw new RefusedError('not-found');
  const raw = pathname.slice(root.length);
  // Some hosts encode an encoded slash once more.
  if (/%(25)?2f/i.test(raw)) throw new RefusedError('name-encoding');
  try {
    return usableName(decodeURIComponent(raw));
  } catch (error) {
    if (error instanceof URIError) throw new RefusedError('invalid-name', { cause: error });
    throw error;
  }
}

/** @throws RefusedError `invalid-name` */
export function usableName(name: string): string {
  const fault = nameFault(name);
  if (fault) throw new RefusedError('invalid-name', { detail: `The name is not usable: ${fault}.` });
  return name;
}

export function notAnImage(prefix: string): RefusedError {
  const where = prefix === '' ? '' : ` and begin with ${prefix}`;
  return new RefusedError('invalid-name', {
    detail: `The name of an image must have an image extension${where}.`,
  });
}

/** The path under which the API answers an image's prompt: with a query where the name itself has an encoded slash. */
export function promptPath(name: string): string {
  if (/%2f/i.test(name)) return `/api/prompts?name=${encodeURIComponent(name)}`;
  return `/api/prompts/${name.split('/').map(encodeURIComponent).join('/')}`;
}
