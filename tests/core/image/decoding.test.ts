import { availableParallelism } from 'node:os';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { decoding } from '../../../core/image/decoding.ts';
import { startAzurite } from '../../azurite.ts';
import { photo } from '../../fixtures/images/photo.ts';
import { OWN_HOSTS } from '../../hosts.ts';
import { until } from '../../until.ts';

let azurite: Awaited<ReturnType<typeof startAzurite>>;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.close());

test.each(OWN_HOSTS.filter(({ host }) => host === 'the app alone'))(
  'what describes and what makes thumbnails wait for the same few places',
  async ({ start }) => {
    const host = await start({ STORAGE: azurite.connectionString });
    const body = new Uint8Array(await photo({ width: 100, height: 100 }));
    const query = '?store=true&name=a.jpg';
    expect((await host.fetch(`/api/prompts${query}`, { method: 'POST', body })).status).toBe(201);
    const held = Promise.withResolvers<void>();
    const holding = Array.from({ length: availableParallelism() }, () => decoding(() => held.promise));
    const waiting = [
      host.fetch('/api/prompts', { method: 'POST', body }),
      host.fetch('/api/thumbnails/a.jpg'),
    ];
    await until('both wait', () => decoding.pendingCount === waiting.length);
    held.resolve();
    await Promise.all(holding);
    for (const answer of await Promise.all(waiting)) expect(answer.status).toBe(200);
    await host.close();
  },
);
