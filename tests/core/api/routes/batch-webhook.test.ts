import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readBatch } from '../../../../core/batch/batches.ts';
import { batch } from '../../../../core/batch/record.ts';
import { AzureBlobs, connectStorage } from '../../../../core/store/azure-blobs.ts';
import { startAzurite } from '../../../azurite.ts';
import { startWebhookServer, type WebhookServer } from '../../../faults/webhook-server.ts';
import { OWN_HOSTS } from '../../../hosts.ts';
import { AMPLE_MS, until } from '../../../until.ts';
import { openStage, type Stage } from './stage.ts';

let azurite: Awaited<ReturnType<typeof startAzurite>>;
let webhook: WebhookServer;
beforeAll(async () => {
  azurite = await startAzurite();
  webhook = await startWebhookServer();
});
afterAll(async () => {
  await webhook.close();
  await azurite.close();
});

// On Functions they are started otherwise: tests/functions/batch.
describe.each(OWN_HOSTS)('what is told of batches on $host', (host) => {
  let stage: Stage;
  beforeAll(async () => {
    const { connectionString } = azurite;
    const settings = { WEBHOOK_URL: webhook.url, WEBHOOK_SECRET: webhook.secret };
    stage = await openStage(host, { connectionString, purpose: 'told', settings });
  });
  afterAll(() => stage.close());

  const post = async (body: object) => {
    const answer = await stage.send('POST', '/api/batches', body);
    return batch.parse(await answer.json());
  };

  test('whoever cancels one does not wait for a receiver that does not answer', async () => {
    const { id } = await post({ prefix: 'none/' });
    const released = Promise.withResolvers<void>();
    let wereLeft = 0;
    webhook.script((_event, response) => {
      response.on('close', () => {
        if (!response.writableEnded) wereLeft++;
      });
      released.promise.then(() => response.writeHead(204).end());
    });
    const arrival = webhook.arrival(AbortSignal.timeout(AMPLE_MS));
    const answer = await stage.fetch(`/api/batches/${id}`, { method: 'DELETE' });
    expect([answer.status, batch.parse(await answer.json()).status]).toEqual([200, 'cancelled']);
    expect(JSON.parse((await arrival).body)).toMatchObject({ type: 'batch.finished', batchId: id });
    // An attempt that gets no answer ends after ten seconds: this one is still on its way.
    expect(wereLeft).toBe(0);
    released.resolve();
    const service = await connectStorage({ connectionString: azurite.connectionString });
    const state = new AzureBlobs(service.getContainerClient('prompt-state'));
    await until('the batch is told', async () => (await readBatch({ state }, id))?.record.isTold === true);
  });

  test('a dry run is nothing to tell of', async () => {
    const before = webhook.calls;
    expect((await post({ dryRun: true })).status).toBe('completed');
    const { id } = await post({ prefix: 'none/' });
    const arrival = webhook.arrival(AbortSignal.timeout(AMPLE_MS));
    await stage.fetch(`/api/batches/${id}`, { method: 'DELETE' });
    expect(JSON.parse((await arrival).body)).toMatchObject({ batchId: id });
    expect(webhook.calls).toBe(before + 1);
  });
});
