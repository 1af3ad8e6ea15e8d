import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readProblem } from '../../../answers.ts';
import { startAzurite } from '../../../azurite.ts';
import { photo } from '../../../fixtures/images/photo.ts';
import { OWN_HOSTS } from '../../../hosts.ts';

const IMAGES = 100;

let azurite: Awaited<ReturnType<typeof startAzurite>>;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.close());

// The limits are core's own, and this is slow: the host that has sockets stands for all.
test.each(OWN_HOSTS.filter(({ host }) => host === 'the container server'))(
  'H26: $host describes some of 100 photos of 12 MP at once, and asks to send the others later',
  async ({ start }) => {
    const host = await start({ STORAGE: azurite.connectionString });
    const image = new Uint8Array(await photo({ width: 4000, height: 3000 }));
    const answers = await Promise.all(
      Array.from({ length: IMAGES }, () => host.fetch('/api/prompts', { method: 'POST', body: image })),
    );
    const refused = answers.filter(({ status }) => status === 429);
    const described = answers.filter(({ status }) => status === 200);
    expect(described.length + refused.length).toBe(IMAGES);
    expect(described.length).toBeGreaterThanOrEqual(32);
    for (const answer of refused) {
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      expect((await readProblem(answer)).code).toBe('busy');
    }
    // There is room again.
    expect((await host.fetch('/api/prompts', { method: 'POST', body: image })).status).toBe(200);
    await host.close();
  },
);
