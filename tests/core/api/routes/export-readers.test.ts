import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AzureBlobs, connectStorage } from '../../../../core/store/azure-blobs.ts';
import { promptName } from '../../../../core/store/names.ts';
import { startAzurite } from '../../../azurite.ts';
import { OWN_HOSTS } from '../../../hosts.ts';
import { until } from '../../../until.ts';

const PATH = '/api/export?format=jsonl';

let azurite: Awaited<ReturnType<typeof startAzurite>>;
beforeAll(async () => {
  azurite = await startAzurite();
  const service = await connectStorage({ connectionString: azurite.connectionString });
  const blobs = new AzureBlobs(service.getContainerClient('images'));
  await blobs.create();
  const drop = (name: string, content: string, contentType: string) =>
    blobs.write(name, Buffer.from(content), { contentType, condition: 'any' });
  await drop('a.jpg', 'never looked at', 'image/jpeg');
  await drop(promptName('a.jpg'), '{"prompt":"a cat"}', 'application/json');
});
afterAll(() => azurite.close());

// Over a socket the first lines are in the network's buffers, whether or not anybody reads them.
describe.each(OWN_HOSTS.filter(({ host }) => host !== 'the container server'))(
  'readers on $host',
  ({ start }) => {
    const begin = (bodyDeadlineMs: number) =>
      start({ STORAGE: azurite.connectionString, RATE_LIMIT: 'off' }, undefined, { bodyDeadlineMs });

    test('more at once than there is room for come later, as do none that only ask for the head', async () => {
      const host = await begin(60_000);
      const heads = await Promise.all(Array.from({ length: 20 }, () => host.fetch(PATH, { method: 'HEAD' })));
      expect(new Set(heads.map(({ status }) => status)).has(200)).toBe(true);
      const open = [];
      for (let count = 0; count < 8; count++) open.push(await host.fetch(PATH));
      expect(open.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200));
      const refused = await host.fetch(PATH);
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '10']);
      await refused.body?.cancel();
      await open[0]?.text();
      await open[1]?.body?.cancel();
      const next = [await host.fetch(PATH), await host.fetch(PATH)];
      expect(next.map(({ status }) => status)).toEqual([200, 200]);
      for (const answer of [...open.slice(2), ...next]) await answer.body?.cancel();
      await host.close();
    });

    test('one who takes nothing is given up, and the place is free', async () => {
      const host = await begin(100);
      const open = [];
      for (let count = 0; count < 8; count++) open.push(await host.fetch(PATH));
      const next = await whenThereIsRoom(() => host.fetch(PATH));
      expect(await next.text()).toContain('a cat');
      // It began first, so it is given up before the others.
      await expect(open[0]?.text()).rejects.toThrow();
      for (const answer of open.slice(1)) await answer.body?.cancel().catch(() => {});
      await host.close();
    });
  },
);

const whenThereIsRoom = (ask: () => Promise<Response>) =>
  until('there is room', async () => {
    const answer = await ask();
    if (answer.status === 200) return answer;
    await answer.body?.cancel();
    return null;
  });
