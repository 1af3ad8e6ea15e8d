import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { InvocationContext } from '@azure/functions';
import { durableClient } from '../../../functions/batch/client.ts';

const MANAGEMENT = '/runtime/webhooks/durabletask/instances/INSTANCEID?code=key';

/** A status, and what is answered as JSON. */
export type Answer = readonly [number, unknown];

export interface Extension {
  /** What it was asked for: method, address and body. */
  readonly asked: readonly string[];
  /** Of a function that has the durable client. */
  readonly context: InvocationContext;
  close(): void;
}

/** Speaks as the Durable extension of the host does to its library, with one answer for each method. */
export async function startExtension(
  answers: Readonly<Record<string, Answer>>,
  options: ConstructorParameters<typeof InvocationContext>[0] = {},
): Promise<Extension> {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    asked.push(`${request.method} ${request.url} ${await text(request)}`.trim());
    const [code, body] = answers[request.method ?? ''] ?? [404, {}];
    response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const root = `http://127.0.0.1:${address.port}/runtime/webhooks/durabletask`;
  const context = new InvocationContext({ ...options, options: { extraInputs: [durableClient] } });
  context.extraInputs.set(durableClient, {
    ...{
      taskHubName: 'PromptGenerator',
      baseUrl: root,
      rpcBaseUrl: `${root}/`,
      requiredQueryStringParameters: '',
    },
    creationUrls: {
      createNewInstancePostUri: `${root}/orchestrators/{functionName}[/{instanceId}]?code=key`,
    },
    managementUrls: { id: 'INSTANCEID', statusQueryGetUri: `${root}${MANAGEMENT}` },
  });
  return {
    asked,
    context,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
