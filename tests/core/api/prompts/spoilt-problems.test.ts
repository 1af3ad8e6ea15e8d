import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { errorName } from '../../../../core/store/names.ts';
import { startAzurite } from '../../../azurite.ts';
import { HOSTS } from '../../../hosts.ts';
import { openStage, type Stage } from '../routes/stage.ts';

let azurite: Awaited<ReturnType<typeof startAzurite>>;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.close());

describe.each(HOSTS)('an error JSON that someone wrote into, on $host', (host) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(host, { connectionString: azurite.connectionString, purpose: 'spoilt' });
  });
  afterAll(() => stage.close());

  /** Writes it as whoever knows our metadata can. */
  async function spoil(name: string, content: string | Uint8Array, code: string): Promise<Response> {
    await stage.drop(name, 'no image');
    const sourceetag = (await stage.blobs.head(name))?.etag ?? '';
    await stage.blobs.write(errorName(name), Buffer.from(content), {
      ...{ contentType: 'text/html', condition: 'any', metadata: { sourceetag, code } },
    });
    return stage.get(`/api/prompts/${name}`);
  }

  test.each([
    ['that is too large', 'x'.repeat(4 * 1024 * 1024 + 1)],
    ['that is empty', ''],
    ['that is no JSON', '<script>alert(1)</script>'],
    ['that is no text', new Uint8Array([0xff, 0xfe, 0])],
    ['that is nested without end', '['.repeat(100_000)],
    ['that is no problem', '{"status":"<b>"}'],
  ])('%s is answered as the problem that its metadata names', async (_what, content) => {
    const answer = await spoil('spoilt.jpg', content, 'image-corrupt');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([422, 'application/problem+json']);
    expect(await answer.json()).toEqual({
      ...{ type: 'image-corrupt', code: 'image-corrupt', status: 422 },
      title: 'The image is damaged and cannot be decoded.',
    });
  });

  test.each(['', 'nothing-we-know', 'constructor'])(
    'is answered as nothing where the metadata names %j',
    async (code) => {
      const answer = await spoil('unknown.jpg', 'garbage', code);
      expect([answer.status, await answer.json()]).toEqual([202, { name: 'unknown.jpg', status: 'pending' }]);
    },
  );
});
