import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { context, propagation, trace } from '@opentelemetry/api';
import { Hono } from 'hono';
import type { ApiEnv } from '../../../core/api/options.ts';
import { traceRequests } from '../../../core/api/trace-requests.ts';
import { startMemorySdk } from '../../telemetry/memory-sdk.ts';

let sdk: ReturnType<typeof startMemorySdk>;
beforeEach(() => {
  sdk = startMemorySdk();
});
afterEach(async () => {
  await sdk.stop();
  for (const api of [trace, context, propagation]) api.disable();
});

const SERVER = 1;
const ERROR = 2;

const app = new Hono<ApiEnv>();
app.use(async (c, next) => {
  c.set('requestId', 'an-id');
  await next();
});
app.use(traceRequests());
app.get('/api/live', (c) => c.text('ok'));
app.use('/api/*', async (c, next) => (c.req.query('refused') === undefined ? next() : c.text('no', 401)));
app.get('/api/prompts', (c) => c.text('ok'));
app.get('/api/prompts/:name{.+}', (c) => c.text('ok'));
app.get('/api/docs', (c) => c.text('ok'));
// It also matches without a slash.
app.get('/api/docs/*', (c) => c.text('ok'));
app.use('/api/*', async (_c, next) => next());
app.get('/api/broken', () => {
  throw new Error('a message that is nobody else’s business');
});
app.onError((_error, c) => c.text('broken', 500));

const ask = (path: string, headers: Record<string, string> = {}) =>
  app.fetch(new Request(`http://localhost${path}`, { headers }));

test('A request is a span that names its route and its id, and neither its address nor its query', async () => {
  await ask('/api/prompts/holiday/cat.jpg?sig=SECRET');
  expect(sdk.spans()).toMatchObject([
    {
      ...{ name: 'GET /api/prompts/:name{.+}', kind: SERVER, parent: null, status: 0 },
      attributes: {
        ...{ 'http.request.method': 'GET', 'http.route': '/api/prompts/:name{.+}' },
        ...{ 'http.response.status_code': 200, 'request.id': 'an-id' },
      },
    },
  ]);
  expect(JSON.stringify(sdk.spans())).not.toMatch(/SECRET|cat\.jpg/);
});

test.each([
  ['/api/prompts', '/api/prompts'],
  ['/api/docs', '/api/docs'],
  ['/api/docs/a', '/api/docs/*'],
  ['/api/docs?refused', '/api/docs'],
  ['/api/docs/a?refused', '/api/docs/*'],
  ['/api/nowhere', '/api/*'],
])('%s is told as %s, whatever stands before and after it', async (path, route) => {
  await ask(path);
  expect(sdk.spans()).toMatchObject([{ name: `GET ${route}`, attributes: { 'http.route': route } }]);
});

test('It is below the span of its client', async () => {
  await ask('/api/prompts/a.jpg', {
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  });
  expect(sdk.spans()).toMatchObject([{ parent: 'b7ad6b7169203331' }]);
});

test.each(['', 'nonsense', '00-0-0-0', `00-${'0'.repeat(32)}-b7ad6b7169203331-01`, 'x'.repeat(10_000)])(
  'A client who names no span has none: %#',
  async (traceparent) => {
    expect((await ask('/api/prompts/a.jpg', { traceparent })).status).toBe(200);
    expect(sdk.spans()).toMatchObject([{ parent: null }]);
  },
);

test('One that fails is an error, without a word of why', async () => {
  await ask('/api/broken');
  expect(sdk.spans()).toMatchObject([{ status: ERROR, attributes: { 'http.response.status_code': 500 } }]);
  expect(JSON.stringify(sdk.spans())).not.toContain('business');
});

test('One that no route is for, and one that is asked every few seconds', async () => {
  await ask('/api/live');
  await ask('/somewhere/else?sig=SECRET');
  expect(sdk.spans()).toMatchObject([{ attributes: { 'http.response.status_code': 404 } }]);
  expect(JSON.stringify(sdk.spans())).not.toContain('else');
});
