import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { promptLines } from '../../../../core/api/routes/export-lines.ts';
import { promptName } from '../../../../core/store/names.ts';
import { readProblem } from '../../../answers.ts';
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

describe.each(HOSTS)('GET /api/export on $host', (host) => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await openStage(host, { connectionString: azurite.connectionString, purpose: 'export' });
    for (const name of ['in/a.jpg', 'in/stale.jpg', 'z.jpg']) {
      await stage.drop(name, jpeg);
      await stage.send('POST', '/api/prompts', { blob: name });
    }
    await stage.drop('in/stale.jpg', await photo({ width: 100, height: 100 }));
    const person = { prompt: 'two\nlines\u2028"é"\u0085', altText: 'mine', mood: 1 };
    const wrote = {
      'in/b.jpg': JSON.stringify(person),
      'in/no-prompt.jpg': '{"words":1}',
      'in/no-json.jpg': 'words',
      'in/deep.jpg': '['.repeat(100_000),
      'in/huge.jpg': JSON.stringify({ prompt: 'x'.repeat(5_000_000) }),
    };
    for (const [name, content] of Object.entries(wrote)) {
      await stage.drop(name, jpeg);
      await stage.drop(promptName(name), content, 'application/json');
    }
    await stage.drop('in/pending.jpg', jpeg);
    await stage.drop('in/other.txt', 'words', 'text/plain');
  });
  afterAll(() => stage.close());

  const lines = (text: string) =>
    text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));

  test('is a line for every image that has its prompt, in the order of the names', async () => {
    const answer = await stage.get('/api/export?format=jsonl');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/jsonl']);
    const exported = lines(await answer.text());
    expect(exported.map(({ name }) => name)).toEqual(['in/a.jpg', 'in/b.jpg', 'z.jpg']);
    const { prompt, negativePrompt, altText } = JSON.parse((await stage.text(promptName('in/a.jpg'))) ?? '');
    const etag = (await stage.blobs.head(promptName('in/a.jpg')))?.etag;
    expect(exported[0]).toEqual({
      ...{ file_name: 'in/a.jpg', text: prompt, name: 'in/a.jpg', prompt, negativePrompt, altText, etag },
    });
  });

  test('counts file names from the folder of the prefix, and keeps each prompt on one line', async () => {
    const text = await (await stage.get('/api/export?format=jsonl&prefix=in/b')).text();
    expect(text).not.toMatch(/[\u0085\u2028]|\n./);
    expect(lines(text)).toMatchObject([
      { file_name: 'b.jpg', name: 'in/b.jpg', prompt: 'two\nlines\u2028"é"\u0085', negativePrompt: null },
    ]);
    expect(await (await stage.get('/api/export?format=jsonl&prefix=none/')).text()).toBe('');
  });

  test('needs its format, and answers HEAD without a body', async () => {
    for (const query of ['', '?format=csv', '?format=jsonl&all=1', '?format=jsonl&prefix=%07']) {
      expect((await readProblem(await stage.get(`/api/export${query}`))).code).toBe('invalid-request');
    }
    const head = await stage.fetch('/api/export?format=jsonl', { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });
});

test('an export reads on only as it is read, and no more than a few prompts at once', async () => {
  const [alone] = HOSTS;
  if (alone === undefined) throw new Error('there is no host');
  const { connectionString } = azurite;
  const stage = await openStage(alone, { connectionString, purpose: 'bounded' });
  for (let number = 0; number < 20; number++) {
    const name = `${String(number).padStart(2, '0')}.jpg`;
    await stage.drop(name, 'image');
    await stage.drop(promptName(name), '{"prompt":"mine"}', 'application/json');
  }
  let [reads, reading, most] = [0, 0, 0];
  const read: typeof stage.blobs.read = async (...request) => {
    reads++;
    most = Math.max(most, ++reading);
    return stage.blobs.read(...request).finally(() => reading--);
  };
  const { blobs } = stage;
  const counted = {
    ...{ container: blobs.container, url: blobs.url.bind(blobs), head: blobs.head.bind(blobs), read },
    ...{ write: blobs.write.bind(blobs), remove: blobs.remove.bind(blobs), page: blobs.page.bind(blobs) },
  };
  const { signal } = new AbortController();
  const exported = promptLines(counted, { prefix: '', root: '', signal });
  const { value } = await exported.next();
  expect([value?.split('\n').length, reads]).toEqual([9, 8]);
  let count = 8;
  for await (const chunk of exported) count += chunk.split('\n').length - 1;
  expect([count, reads, most]).toEqual([20, 20, 8]);
  await stage.close();
});
