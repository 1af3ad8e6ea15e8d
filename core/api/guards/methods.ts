import type { Context, Hono } from 'hono';
import { RefusedError } from '../../errors.ts';
import type { ApiEnv } from '../options.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'] as const;

/**
 * Answers what no route took: OPTIONS with the methods that the path has, and an error for another method or a path that
 * is none. The methods are the router's own, so that nothing has to be kept in step.
 * @throws RefusedError `method-not-allowed`, `not-found`
 */
export function answerOther(app: Hono<ApiEnv>, c: Context<ApiEnv>): Response {
  const methods = METHODS.filter((method) => hasRoute(app, method === 'HEAD' ? 'GET' : method, c.req.path));
  if (methods.length === 0) throw new RefusedError('not-found');
  const allow = [...methods, 'OPTIONS'].join(', ');
  if (c.req.method === 'OPTIONS') return c.body(null, 204, { allow });
  throw new RefusedError('method-not-allowed', { headers: { allow } });
}

function hasRoute(app: Hono<ApiEnv>, method: string, path: string): boolean {
  const [matched] = app.router.match(method, path);
  // Middleware is registered for all methods, a route for its own.
  return matched.some(([[, route]]) => route.method === method);
}
