import type { Context } from 'hono';
import * as z from 'zod';
import { RefusedError } from '../errors.ts';
import { nameFault } from '../store/names.ts';

/** Query values come as strings; only what a route names is taken. */
export const flag = z
  .enum(['true', 'false'], 'is neither true nor false')
  .transform((value) => value === 'true');

/** @throws RefusedError `invalid-request` naming every parameter that is wrong or unknown */
export function parseQuery<T extends z.ZodRawShape>(c: Context, shape: T): z.infer<z.ZodObject<T>> {
  const given = Object.fromEntries(
    Object.entries(c.req.queries()).map(([key, values]) => [key, values.length === 1 ? values[0] : values]),
  );
  const parsed = z.strictObject(shape).safeParse(given);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) =>
    [issue.path.join('.'), issue.message].filter(Boolean).join(' '),
  );
  throw new RefusedError('invalid-request', { detail: `In the query: ${faults.join('; ')}.` });
}

/**
 * The image's name out of a path: everything behind the route's own prefix, with its slashes.
 * @throws RefusedError `name-encoding` for an encoded slash, which hosts decode differently
 */
export function nameFromPath(c: Context, root: string): string {
  const raw = new URL(c.req.url).pathname.slice(root.length);
  if (/%2f/i.test(raw)) throw new RefusedError('name-encoding');
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

/** The path under which the API answers an image's prompt. */
export function promptPath(name: string): string {
  return `/api/prompts/${name.split('/').map(encodeURIComponent).join('/')}`;
}
