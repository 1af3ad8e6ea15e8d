import { context, propagation, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Context, MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import { METHOD_NAME_ALL } from 'hono/router';
import { ATTRIBUTES, SCOPE } from '../telemetry.ts';
import type { ApiEnv } from './options.ts';

/** Asked for every few seconds, by whoever watches over the program. */
const NOT_TRACED: ReadonlySet<string> = new Set(['/api/live', '/api/health', '/health']);

/**
 * A span for each request, below that of the client where there is one. It tells of the route, not of the address: in
 * that, and in its query, may be what is nobody's business.
 */
export function traceRequests(): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    if (NOT_TRACED.has(c.req.path)) return next();
    const caller = propagation.extract(context.active(), c.req.raw.headers, {
      get: (headers, name) => headers.get(name) ?? undefined,
      keys: (headers) => [...headers.keys()],
    });
    const { method } = c.req;
    const options = {
      kind: SpanKind.SERVER,
      attributes: {
        [ATTRIBUTES.requestMethod]: method,
        [ATTRIBUTES.requestId]: c.get('requestId'),
      },
    };
    await context.with(caller, () =>
      trace.getTracer(SCOPE).startActiveSpan(method, options, async (span) => {
        try {
          await next();
        } finally {
          tellEnd(span, c);
          span.end();
        }
      }),
    );
  };
}

function tellEnd(span: Span, c: Context<ApiEnv>): void {
  const { status } = c.res;
  const route = routeOf(c);
  span.updateName(`${c.req.method} ${route}`);
  span.setAttributes({ [ATTRIBUTES.route]: route, [ATTRIBUTES.responseStatus]: status });
  if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
}

/** Of the route that answered; where something before the routes did, of the one that would have. */
function routeOf(c: Context<ApiEnv>): string {
  const routes = matchedRoutes(c);
  // What stands before the routes is for all methods.
  const route = routes.slice(c.req.routeIndex).find(({ method }) => method !== METHOD_NAME_ALL);
  return (route ?? routes.at(-1))?.path ?? '';
}
