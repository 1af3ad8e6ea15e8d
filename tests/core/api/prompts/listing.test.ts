import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { promptName } from '../../../../core/store/names.ts';
import { readList } from '../../../answers.ts';
import { startAzurite } from '../../../azurite.ts';
import { photo } from '../../../fixtures/images/photo.ts';
import { HOSTS } from '../../../hosts.ts';
import { openStage, type Stage } from '../routes/stage.ts';

let azurite: Awaited<ReturnType<typeof startAzurite>>;
let jpeg: Buffer;

beforeAll(async () => {
  azurite = await startAzurite();
  jpeg = await photo({ width: 640, height: 480 });
});
afterAll(() => azurite.close());

describe.each(HOSTS)('GET /api/prompts on $host', (host) => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await openStage(host, { connectionString: azurite.connectionString, purpose: 'listing' });
  });
  afterAll(() => stage.close());

  const store = (name: string) =>
    stage.send('POST', `/api/prompts?store=true&name=${name}`, jpeg, { 'content-type': 'image/jpeg' });

  test('lists images with their status, page by page', async () => {
    await store('list/a.jpg');
    await stage.drop('list/b.jpg', jpeg);
    await stage.drop('list/c.jpg', 'no image');
    await stage.send('POST', '/api/prompts', { blob: 'list/c.jpg' });
    await store('list/d.jpg');
    await stage.drop(promptName('list/d.jpg'), '{}', 'application/json');
    await stage.drop('list/readme.txt', 'words', 'text/plain');
    const statuses = [];
    let cursor = '';
    do {
      const answer = await stage.get(
        `/api/prompts?prefix=list/&limit=3&cursor=${cursor}`.replace(/&cursor=$/, ''),
      );
      const page = await readList(answer);
      expect(page.items.length).toBeLessThanOrEqual(3);
      statuses.push(...page.items.map((item) => [item.name, item.status]));
      cursor = page.cursor ?? '';
    } while (cursor !== '');
    expect(statuses).toEqual([
      ['list/a.jpg', 'done'],
      ['list/b.jpg', 'pending'],
      ['list/c.jpg', 'failed'],
      ['list/d.jpg', 'edited'],
    ]);
  });

  test.each([
    ['done', ['list/a.jpg']],
    ['degraded', ['list/a.jpg']],
    ['failed', ['list/c.jpg']],
  ])('finds those that are %s', async (status, names) => {
    const { items } = await readList(await stage.get(`/api/prompts?prefix=list/&status=${status}`));
    expect(items.map((item) => item.name)).toEqual(names);
  });

  const odd = Buffer.from(JSON.stringify({ marker: 'a\u0000', after: '' })).toString('base64url');
  test.each([
    ...['limit=0', 'limit=1001', 'limit=1e9', 'limit=x', 'status=lost', 'cursor=xyz', 'n=1'],
    ...['prefix=%00', 'prefix=%EF%BF%BE', `cursor=${odd}`],
  ])('refuses %s', async (query) => {
    expect((await stage.get(`/api/prompts?${query}`)).status).toBe(400);
  });
});
