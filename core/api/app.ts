import { randomUUID } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { DeferredError, FailedError, ProblemError, RefusedError } from '../errors.ts';
import { problemOf } from '../problem.ts';
import { authenticate } from './auth.ts';
import { describeRoutes } from './describe-routes.ts';
import { createHealth } from './health.ts';
import type { ApiEnv, ApiOptions } from './options.ts';
import { promptRoutes } from './prompt-routes.ts';

/** The HTTP API as one `fetch(Request) → Response`, the same in every host. */
export function createApi(options: ApiOptions): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>({ strict: false });

  app.use(async (c, next) => {
    const given = c.req.header('x-request-id') ?? '';
    c.set('requestId', /^[\w.-]{1,64}$/.test(given) ? given : randomUUID());
    await next();
    c.header('x-request-id', c.get('requestId'));
    c.header('x-content-type-options', 'nosniff');
    if (c.res.status >= 400) c.header('cache-control', 'no-store');
  });

  const health = createHealth(options, () => performance.now());
  const answerHealth = async (c: Context) => {
    const report = await health();
    return c.json(report, report.status === 'ok' ? 200 : 500, { 'cache-control': 'no-store' });
  };
  app.get('/api/live', (c) => c.json({ status: 'ok' }, 200, { 'cache-control': 'no-store' }));
  app.get('/api/health', answerHealth);
  app.get('/health', answerHealth);

  app.use('/api/*', authenticate(options.auth));
  app.route('/api/prompts', describeRoutes(options));
  app.route('/api/prompts', promptRoutes(options));

  // What no route took: a known path asked with another method, or nothing at all.
  app.all('/api/live', () => refuseMethod('GET, HEAD'));
  app.all('/api/health', () => refuseMethod('GET, HEAD'));
  app.all('/health', () => refuseMethod('GET, HEAD'));
  app.all('/api/prompts', () => refuseMethod('GET, HEAD, POST'));
  app.all('/api/prompts/*', () => refuseMethod('GET, HEAD'));
  app.notFound(() => {
    throw new RefusedError('not-found');
  });
  app.onError((error, c) => answerProblem(error, c, options));
  return app;
}

function refuseMethod(allow: string): never {
  throw new RefusedError('method-not-allowed', { headers: { allow } });
}

/** Nobody reads this; the access log of whatever is in front may. */
const CLIENT_CLOSED_REQUEST = 499;

function answerProblem(error: unknown, c: Context<ApiEnv>, { log, settings }: ApiOptions): Response {
  if (c.req.raw.signal.aborted) return new Response(null, { status: CLIENT_CLOSED_REQUEST });
  const problem = error instanceof ProblemError ? error : new FailedError('internal', { cause: error });
  const requestId = c.get('requestId');
  if (problem.kind.report) log.error({ err: error, requestId, code: problem.code }, 'a request failed');
  const body = problemOf(problem, { instance: new URL(c.req.url).pathname, requestId });
  return c.body(JSON.stringify(body), {
    status: problem.kind.status as 400,
    headers: {
      ...problem.headers,
      ...(problem instanceof DeferredError && retryAfter(problem, new Date(settings.clock.now()))),
      'content-type': 'application/problem+json',
    },
  });
}

/** In whole seconds, and at least one: nobody should ask again at once. */
function retryAfter({ until }: DeferredError, now: Date): Record<string, string> {
  const seconds = Math.max(1, Math.ceil((until.getTime() - now.getTime()) / 1_000));
  return { 'retry-after': `${seconds}` };
}
