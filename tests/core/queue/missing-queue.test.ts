import type { QueueServiceClient } from '@azure/storage-queue';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { AzureQueue, connectQueues } from '../../../core/queue/azure-queue.ts';
import { startAzurite } from '../../azurite.ts';

let azurite: Awaited<ReturnType<typeof startAzurite>>;
let service: QueueServiceClient;
beforeAll(async () => {
  azurite = await startAzurite();
  service = connectQueues({ connectionString: azurite.connectionString });
});
afterAll(() => azurite.close());

const queue = (name: string) => new AzureQueue(service.getQueueClient(name));
const isThere = (name: string) => service.getQueueClient(name).exists();

test('who only looks at a queue that is missing sees nothing, and makes none', async () => {
  expect([await queue('looked-at').length(), await queue('looked-at').peek(1)]).toEqual([0, []]);
  expect(await isThere('looked-at')).toBe(false);
});

test('who puts something there, or takes something, makes it', async () => {
  await queue('sent-to').send('x');
  expect(await queue('sent-to').length()).toBe(1);
  expect(await queue('taken-from').receive({ max: 1, hidden: 1_000 })).toEqual([]);
  expect(await isThere('taken-from')).toBe(true);
});
