import {
  app,
  type HttpMethod,
  type HttpRequest,
  type HttpResponseInit,
  type InvocationContext,
} from '@azure/functions';
import { durableClient, withDurableClient } from './batch/client.ts';
import { invoked } from './invocation.ts';
import type { FunctionsProgram } from './program.ts';

const METHODS: HttpMethod[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** Less than others wait for what is told: someone waits for the answer. */
const TELLING_MS = 2_000;

/** All of the HTTP API: one function, since on Flex Consumption all HTTP functions scale together anyway. */
export function registerApi(program: FunctionsProgram): void {
  app.setup({ enableHttpStream: true });
  app.http('api', {
    methods: METHODS,
    // Keys are core's own business, the same in every host.
    authLevel: 'anonymous',
    route: '{*path}',
    // Batches are started by it.
    extraInputs: [durableClient],
    handler: handleRequest(program),
  });
}

export function handleRequest({
  program,
}: FunctionsProgram): (request: HttpRequest, context: InvocationContext) => Promise<HttpResponseInit> {
  return (request, context) =>
    invoked(context, async () => {
      const { api, news } = await program();
      const { status, headers, body } = await withDurableClient(context, () =>
        news.during(async () => api.fetch(toRequest(request)), TELLING_MS),
      );
      return { status, headers: [...headers], ...(body ? { body } : {}) };
    });
}

function toRequest({ url, method, headers, body }: HttpRequest): Request {
  const init: RequestInit & { duplex: 'half' } = { method, headers: [...headers], duplex: 'half' };
  const hasBody = body !== null && method !== 'GET' && method !== 'HEAD';
  // The host's stream is the platform's own; only the types of the two libraries differ.
  // The host encodes an encoded slash of a path once more.
  const asSent = url.replace(/^[^?]*/, (path) => path.replace(/%25(?=2f)/gi, '%'));
  return new Request(asSent, hasBody ? { ...init, body: body as ReadableStream<Uint8Array> } : init);
}
