import { randomUUID } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { DeferredError, FailedError, ProblemError } from '../errors.ts';
import { problemOf } from '../problem.ts';
import { authenticate, identify } from './auth.ts';
import { bodyLimit } from './bodies/body.ts';
import { bodyPolicy, MAX_JSON_BYTES } from './bodies/json-body.ts';
import { negotiate } from './guards/accept.ts';
import { Admission, shedLoad } from './guards/admission.ts';
import { allowOrigins } from './guards/cors.ts';
import { securityHeaders } from './guards/headers.ts';
import { idempotency } from './guards/idempotency.ts';
import { answerOther } from './guards/methods.ts';
import { rateLimit } from './guards/rate-limit.ts';
import { openApiRoutes } from './openapi/routes.ts';
import { OPERATIONS } from './operations.ts';
import type { ApiEnv, ApiOptions } from './options.ts';
import { describeRoutes } from './prompts/describe-routes.ts';
import { editRoutes } from './prompts/edit.ts';
import { promptRoutes } from './prompts/prompt-routes.ts';
import { batchRoutes } from './routes/batches.ts';
import { catalogRoutes } from './routes/catalog.ts';
import { composeRoutes } from './routes/compose.ts';
import { exportRoutes } from './routes/export.ts';
import { createHealth } from './routes/health.ts';
import { qrRoutes } from './routes/qr.ts';
import { retryRoutes } from './routes/retry.ts';
import { thumbnailRoutes } from './routes/thumbnail.ts';
import { uploadRoutes } from './routes/upload.ts';
import { traceRequests } from './trace-requests.ts';

/** The HTTP API as one `fetch(Request) → Response`, the same in every host. */
export function createApi(options: ApiOptions): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>({ strict: false });

  app.use(async (c, next) => {
    const given = c.req.header('x-request-id') ?? '';
    c.set('requestId', /^[\w.-]{1,64}$/.test(given) ? given : randomUUID());
    await next();
    c.header('x-request-id', c.get('requestId'));
  });
  app.use(securityHeaders(options.trustedProxies));
  if (options.requestSpans) app.use(traceRequests());
  // Before all routes, the open ones too. A browser asks without a key whether it may ask.
  if (options.corsOrigins.length > 0) app.use('/api/*', allowOrigins(options.corsOrigins));

  const health = createHealth(options, () => performance.now());
  const answerHealth = async (c: Context) => {
    const report = await health();
    return c.json(report, report.status === 'ok' ? 200 : 500, { 'cache-control': 'no-store' });
  };
  app.get('/api/live', (c) => c.json({ status: 'ok' }, 200, { 'cache-control': 'no-store' }));
  app.get('/api/health', answerHealth);
  app.get('/health', answerHealth);

  app.route('/api', openApiRoutes());

  guard(app, options);
  app.route('/api/prompts', describeRoutes(options));
  app.route('/api/prompts', promptRoutes(options));
  app.route('/api/prompts', editRoutes(options));
  app.route('/api/compose', composeRoutes(options));
  app.route('/api/retries', retryRoutes(options));
  app.route('/api/batches', batchRoutes(options));
  app.route('/api/uploads', uploadRoutes(options));
  app.route('/api/thumbnails', thumbnailRoutes(options));
  app.route('/api/export', exportRoutes(options));
  app.route('/api/catalog', catalogRoutes(options));
  app.route('/api/qr', qrRoutes(options));

  app.notFound((c) => {
    try {
      return answerOther(app, c);
    } catch (error) {
      // Thrown from here it would pass by what stands before every route, and its headers.
      return answerProblem(error, c, options);
    }
  });
  app.onError((error, c) => answerProblem(error, c, options));
  return app;
}

/** The routes that take JSON and nothing else. */
const JSON_ROUTES = OPERATIONS.filter(
  ({ method, body, otherBodies }) => method === 'POST' && body && !otherBodies,
);

/** What stands before every route that is not open to everyone, the cheapest first. */
function guard(app: Hono<ApiEnv>, options: ApiOptions): void {
  const { auth, state, log, settings, corsOrigins, trustedProxies } = options;
  const { maxBytes } = settings.limits;
  app.use('/api/*', identify(auth));
  if (options.rateLimit) app.use('/api/*', rateLimit(options.rateLimit, trustedProxies));
  app.use('/api/*', authenticate(auth, { corsOrigins, trustedProxies }));
  app.use('/api/*', negotiate(OPERATIONS.filter(({ isOpen }) => !isOpen)));
  // Each for itself: a page full of thumbnails must not keep images from being described.
  app.post('/api/prompts', shedLoad(new Admission(), { maxBytes, trustedProxies }));
  app.get('/api/thumbnails/*', shedLoad(new Admission(), { maxBytes, trustedProxies }));
  const images = {
    maxBytes: bodyLimit(maxBytes),
    drain: options.drainBodies,
    deadlineMs: options.bodyDeadlineMs,
  };
  app.post('/api/prompts', idempotency({ state, bodies: images, log }));
  // Nothing counts what these hold, so that they must not hold much.
  const once = idempotency({ state, bodies: bodyPolicy(options, MAX_JSON_BYTES), log });
  for (const { path } of JSON_ROUTES) app.post(path, once);
}

/** Nobody reads this; the access log of whatever is in front may. */
const CLIENT_CLOSED_REQUEST = 499;

function answerProblem(error: unknown, c: Context<ApiEnv>, { log, settings }: ApiOptions): Response {
  if (c.req.raw.signal.aborted) return new Response(null, { status: CLIENT_CLOSED_REQUEST });
  const problem = error instanceof ProblemError ? error : new FailedError('internal', { cause: error });
  const requestId = c.get('requestId');
  // Who has gone away ended it, whatever it ended as.
  const isReported = problem.kind.report && !c.req.raw.signal.aborted;
  if (isReported) log.error({ err: error, requestId, code: problem.code }, 'a request failed');
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
