import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { InvocationContext } from '@azure/functions';
import { afterEach, describe, expect, test } from '@jest/globals';
import { durableClient, durableRunner, withDurableClient } from '../../../functions/batch/client.ts';

const ID = '0123456789abcdef0123456789abcdef';
const MANAGEMENT = '/runtime/webhooks/durabletask/instances/INSTANCEID?code=key';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

/** Speaks as the Durable extension does to its library: what is started, and what is known of an instance. */
async function extension(start: readonly [number, unknown], status: readonly [number, unknown] = [404, {}]) {
  const asked: string[] = [];
  server = createServer(async (request, response) => {
    asked.push(`${request.method} ${request.url} ${await text(request)}`.trim());
    const [code, body] = request.method === 'POST' ? start : status;
    response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const root = `http://127.0.0.1:${address.port}/runtime/webhooks/durabletask`;
  const context = new InvocationContext({ options: { extraInputs: [durableClient] } });
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
  return { asked, start: () => withDurableClient(context, () => durableRunner.start(ID)) };
}

describe('the runner of batches on Functions', () => {
  test('starts the orchestrator under the id of the batch', async () => {
    const { asked, start } = await extension([202, { id: ID }]);
    await start();
    expect(asked).toEqual([`POST /runtime/webhooks/durabletask/orchestrators/batch/${ID} {"id":"${ID}"}`]);
  });

  test('is content where it runs already', async () => {
    const running = {
      name: 'batch',
      instanceId: ID,
      runtimeStatus: 'Running',
      createdTime: '2026-01-01T00:00:00Z',
    };
    const { start } = await extension(
      [409, 'An instance with this ID already exists.'],
      [200, { ...running, lastUpdatedTime: '2026-01-01T00:00:00Z', input: null, output: null }],
    );
    await expect(start()).resolves.toBeUndefined();
  });

  test('says that the batch could not be started where the host fails', async () => {
    const { start } = await extension([500, 'no']);
    await expect(start()).rejects.toMatchObject({ code: 'storage-unavailable' });
  });

  test('is of no use outside of a function that has the client', async () => {
    await expect(durableRunner.start(ID)).rejects.toThrow('durable client');
  });
});
