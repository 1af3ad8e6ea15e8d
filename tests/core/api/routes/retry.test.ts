import { QueueServiceClient } from '@azure/storage-queue';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { errorName, promptName } from '../../../../core/store/names.ts';
import { readProblem } from '../../../answers.ts';
import { startAzurite } from '../../../azurite.ts';
import { photo } from '../../../fixtures/images/photo.ts';
import { HOSTS } from '../../../hosts.ts';
import { openStage, type Stage } from './stage.ts';

const retried = z.strictObject({ queued: z.number(), cursor: z.string().nullable() });

let azurite: Awaited<ReturnType<typeof startAzurite>>;

beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.close());

/** Takes everything out of the queue, and gives it in the order of the names. */
async function takeEvents(): Promise<{ readonly name: string }[]> {
  const queues = QueueServiceClient.fromConnectionString(azurite.connectionString);
  const queue = queues.getQueueClient('image-events');
  await queue.createIfNotExists();
  const events = [];
  for (;;) {
    const { receivedMessageItems } = await queue.receiveMessages({ numberOfMessages: 32 });
    if (receivedMessageItems.length === 0) break;
    for (const { messageId, popReceipt, messageText } of receivedMessageItems) {
      events.push(JSON.parse(Buffer.from(messageText, 'base64').toString()));
      await queue.deleteMessage(messageId, popReceipt);
    }
  }
  return events.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

describe.each(HOSTS)('POST /api/retries on $host', (host) => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await openStage(host, { connectionString: azurite.connectionString, purpose: 'retry' });
    const jpeg = await photo({ width: 160, height: 120 });
    for (const name of ['a/1.jpg', 'a/2.jpg', 'a/é 3.jpg', 'b/1.jpg', 'good.jpg', 'mine.jpg']) {
      await stage.drop(name, name === 'good.jpg' ? jpeg : 'no image');
      await stage.send('POST', '/api/prompts', { blob: name });
    }
    await stage.drop(promptName('mine.jpg'), '{"prompt":"mine"}', 'application/json');
    await stage.drop('pending.jpg', jpeg);
    await takeEvents();
  });
  afterAll(() => stage.close());

  const retry = (body: unknown) => stage.send('POST', '/api/retries', body);
  const event = async (name: string) => ({
    container: stage.blobs.container,
    name,
    etag: (await stage.blobs.head(name))?.etag,
    tries: 0,
  });

  test('queues one failed image, with all its tries', async () => {
    expect(await stage.blobs.head(errorName('a/é 3.jpg'))).not.toBeNull();
    const answer = await retry({ name: 'a/é 3.jpg' });
    expect([answer.status, await answer.json()]).toEqual([202, { queued: 1, cursor: null }]);
    expect(await takeEvents()).toEqual([await event('a/é 3.jpg')]);
  });

  test('refuses an image that has not failed, and is 404 for one that is not there', async () => {
    const codes = [];
    for (const name of [
      'good.jpg',
      'mine.jpg',
      'pending.jpg',
      'never.jpg',
      'notes.txt',
      errorName('a/1.jpg'),
    ]) {
      codes.push((await readProblem(await retry({ name }))).code);
    }
    expect(codes).toEqual([
      ...['not-failed', 'not-failed', 'not-failed'],
      ...['not-found', 'not-found', 'not-found'],
    ]);
    expect(await takeEvents()).toEqual([]);
  });

  test('queues what failed under a prefix, and nothing else', async () => {
    expect(retried.parse(await (await retry({ prefix: 'a/' })).json())).toEqual({ queued: 3, cursor: null });
    expect((await takeEvents()).map(({ name }) => name)).toEqual(['a/1.jpg', 'a/2.jpg', 'a/é 3.jpg']);
    expect(retried.parse(await (await retry({ prefix: '' })).json()).queued).toBe(4);
    expect(await takeEvents()).toHaveLength(4);
  });

  test('goes on with its cursor, a bounded number at a time', async () => {
    const counts: number[] = [];
    let cursor: string | null | undefined;
    while (cursor !== null) {
      const more = cursor === undefined ? {} : { cursor };
      const answer = retried.parse(await (await retry({ prefix: 'a/', limit: 2, ...more })).json());
      counts.push(answer.queued);
      cursor = answer.cursor;
    }
    expect(counts).toEqual([2, 1]);
    expect((await takeEvents()).map(({ name }) => name)).toEqual(['a/1.jpg', 'a/2.jpg', 'a/é 3.jpg']);
  });

  test('refuses other bodies, and a cursor that is not ours', async () => {
    const bodies = [
      ...[{}, { name: 'a/1.jpg', prefix: 'a/' }, { prefix: 'a/', limit: 1001 }, { prefix: 'a/', limit: 0 }],
      ...[{ name: 1 }, { prefix: 'a\u0000' }, { prefix: 'a/', all: true }, { prefix: 'a/', cursor: 'x' }],
    ];
    for (const body of bodies) {
      expect(await readProblem(await retry(body))).toMatchObject({ status: 400, code: 'invalid-request' });
    }
    expect((await readProblem(await retry({ name: '../other/a.jpg' }))).code).toBe('invalid-name');
    expect(await takeEvents()).toEqual([]);
  });
});
