import type { Context, MiddlewareHandler } from 'hono';
import { parseAccept } from 'hono/utils/accept';
import { RefusedError } from '../../errors.ts';
import type { Operation } from '../operation.ts';
import type { ApiEnv } from '../options.ts';

/**
 * Answers 406, before anything is done, to a request that accepts nothing of what its operation answers. Errors are told
 * to everyone.
 */
export function negotiate(operations: readonly Operation[]): MiddlewareHandler<ApiEnv> {
  const known = operations.map(({ method, path, answer }) => ({
    method,
    types: answer.types,
    path: new RegExp(`^${path.replace('/{name}', '(/.*)?').replace('{id}', '[^/]+')}/?$`),
  }));
  return async (c, next) => {
    const method = c.req.method === 'HEAD' ? 'GET' : c.req.method;
    const operation = known.find((each) => each.method === method && each.path.test(c.req.path));
    if (operation) requireAccepted(c, operation.types);
    await next();
  };
}

/** @throws RefusedError `not-acceptable` where the client accepts none of these */
export function requireAccepted(c: Context, types: readonly string[]): void {
  const header = c.req.header('accept');
  if (header && !types.some((type) => accepts(header, type))) {
    throw new RefusedError('not-acceptable', { detail: `There is ${types.join(' and ')}.` });
  }
}

/** RFC 9110, 12.5.1: the range that says most about a type decides, and a weight of 0 refuses it. */
function accepts(header: string, type: string): boolean {
  const [kind] = type.split('/');
  const ranges = parseAccept(header.toLowerCase());
  for (const range of [type, `${kind}/*`, '*/*']) {
    const said = ranges.find((each) => each.type === range);
    if (said) return said.q > 0;
  }
  return false;
}
