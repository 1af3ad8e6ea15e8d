import { afterEach, describe, expect, test } from '@jest/globals';
import { durableRunner, withDurableClient } from '../../../functions/batch/client.ts';
import { type Answer, type Extension, startExtension } from './durable-extension.ts';

const ID = '0123456789abcdef0123456789abcdef';

let open: Extension | undefined;
afterEach(() => {
  open?.close();
  open = undefined;
});

/** The extension, with its answers to what is started, and to what is known of an instance. */
async function extension(start: Answer, status: Answer = [404, {}]) {
  open = await startExtension({ POST: start, GET: status });
  const { asked, context } = open;
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
