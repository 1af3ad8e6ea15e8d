import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AzureBlobs, connectStorage } from '../../../../core/store/azure-blobs.ts';
import { promptName } from '../../../../core/store/names.ts';
import { readDocument, readProblem } from '../../../answers.ts';
import { startAzurite } from '../../../azurite.ts';
import { photo } from '../../../fixtures/images/photo.ts';
import { HOSTS } from '../../../hosts.ts';
import { openStage, type Stage } from './stage.ts';

let azurite: Awaited<ReturnType<typeof startAzurite>>;
let jpeg: Buffer;
beforeAll(async () => {
  azurite = await startAzurite();
  jpeg = await photo({ width: 160, height: 120 });
});
afterAll(() => azurite.close());

describe.each(HOSTS)('on $host', (host) => {
  let stage: Stage;
  beforeAll(async () => {
    const { connectionString } = azurite;
    stage = await openStage(host, {
      ...{ connectionString, purpose: 'hostile' },
      settings: { STATE_CONTAINER: `hostile-state-${HOSTS.indexOf(host)}` },
    });
  });
  afterAll(() => stage.close());

  const cursor = (marker: string) => Buffer.from(JSON.stringify({ marker, after: '' })).toString('base64url');

  test.each([
    ['GET', `/api/prompts?cursor=${cursor('é'.repeat(4_000))}`],
    ['GET', `/api/prompts?prefix=${'%3C'.repeat(1_025)}`],
    ['GET', `/api/export?format=jsonl&prefix=${'%3C'.repeat(1_025)}`],
    ['POST', '/api/retries', { prefix: 'a'.repeat(60_000) }],
    ['POST', '/api/retries', { prefix: '', cursor: cursor('a'.repeat(40_000)) }],
  ] as const)(
    '%s %.60s with more than storage can be asked is refused',
    async (...[method, path, body]: readonly ['GET' | 'POST', string, object?]) => {
      const answer = method === 'GET' ? await stage.get(path) : await stage.send(method, path, body);
      expect([answer.status, (await readProblem(answer)).code]).toEqual([400, 'invalid-request']);
    },
  );

  test('a thousand faults are not told at the length of the request, or longer', async () => {
    const names = Array.from({ length: 1_000 }, (_, index) => `n${index}`);
    const answers = await Promise.all([
      stage.get(`/api/prompts?${names.join('&')}`),
      stage.get(`/api/prompts?${'n'.repeat(10_000)}`),
      stage.send('POST', '/api/compose', Object.fromEntries(names.map((name) => [name.repeat(100), 1]))),
    ]);
    for (const answer of answers) {
      expect(answer.status).toBe(400);
      expect((await answer.text()).length).toBeLessThan(5_000);
    }
  });

  test('a path that only decodes to one of ours is no name shifted by what it was encoded with', async () => {
    await stage.drop('s/odd.jpg', jpeg);
    expect((await stage.get('/api/prompts/s/odd.jpg')).status).toBe(202);
    expect((await stage.get('/%61pi/prompts/odd.jpg')).status).toBe(404);
  });

  test('with an Idempotency-Key no route reads more than without, and what is no route keeps nothing', async () => {
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          sent += 65_536;
          if (sent > 8_000_000) controller.close();
          else controller.enqueue(new Uint8Array(65_536));
        },
      },
      { highWaterMark: 0 },
    );
    const headers = { 'idempotency-key': 'k', 'content-type': 'application/json' };
    const init = { method: 'POST', headers, body: endless, duplex: 'half' } as RequestInit;
    const answer = await stage.fetch('/api/retries', init);
    expect([answer.status, (await readProblem(answer)).code]).toEqual([413, 'body-too-large']);
    const none = await stage.send('POST', '/api/nothing', {}, { 'idempotency-key': 'k' });
    expect(none.status).toBe(404);
    const service = await connectStorage({ connectionString: azurite.connectionString });
    const state = new AzureBlobs(service.getContainerClient(`hostile-state-${HOSTS.indexOf(host)}`));
    expect((await state.page({ prefix: 'idempotency/', size: 10 })).blobs).toEqual([]);
  });

  test('an edited document of thousands of facts is kept, and not composed from', async () => {
    await stage.drop('many.jpg', jpeg);
    const document = await readDocument(await stage.send('POST', '/api/prompts', { blob: 'many.jpg' }));
    const fact = { kind: 'region', confidence: 0.5, source: 'vision', box: null };
    const facts = Array.from({ length: 2_001 }, (_, index) => ({ ...fact, text: `thing ${index}` }));
    const path = '/api/prompts/many.jpg';
    const put = await stage.send('PUT', path, { ...document, facts, prompts: {} }, { 'if-match': '*' });
    expect(put.status).toBe(200);
    const refused = await Promise.all([
      stage.send('POST', '/api/compose', { name: 'many.jpg', targets: ['sdxl'] }),
      stage.send('POST', '/api/prompts?target=sdxl', { blob: 'many.jpg' }),
    ]);
    for (const answer of refused)
      expect([answer.status, (await readProblem(answer)).code]).toEqual([422, 'prompt-not-composable']);
    expect((await stage.get(path)).status).toBe(200);
    expect(await stage.text(promptName('many.jpg'))).toContain('thing 2000');
  });
});
