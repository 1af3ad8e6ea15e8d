import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Hono } from 'hono';
import { editRoutes } from '../../../../core/api/prompts/edit.ts';
import { createLog } from '../../../../core/log.ts';
import { errorName, promptName } from '../../../../core/store/names.ts';
import { readDocument, readList, readProblem } from '../../../answers.ts';
import { startAzurite } from '../../../azurite.ts';
import { photo } from '../../../fixtures/images/photo.ts';
import { HOSTS } from '../../../hosts.ts';
import { openStage, type Stage } from '../routes/stage.ts';

let azurite: Awaited<ReturnType<typeof startAzurite>>;
let jpeg: Buffer;

beforeAll(async () => {
  azurite = await startAzurite();
  jpeg = await photo({ width: 160, height: 120 });
});
afterAll(() => azurite.close());

describe.each(HOSTS)('PUT /api/prompts/{name} on $host', (host) => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await openStage(host, { connectionString: azurite.connectionString, purpose: 'edit' });
  });
  afterAll(() => stage.close());

  /** An image with its prompt; gives the prompt's ETag as a client sees it. */
  async function described(name: string): Promise<string> {
    await stage.drop(name, jpeg);
    await stage.send('POST', '/api/prompts', { blob: name });
    return (await stage.get(`/api/prompts/${name}`)).headers.get('etag') ?? '';
  }

  test("stores a person's edit with all its fields, and keeps it when the image changes", async () => {
    const etag = await described('in/edit.jpg');
    const document = await readDocument(await stage.get('/api/prompts/in/edit.jpg'));
    const edit = JSON.stringify({ ...document, prompt: 'mine "é" 猫', mood: { calm: [1, null] } });
    const answer = await stage.send('PUT', '/api/prompts/in/edit.jpg', edit, { 'if-match': etag });
    expect([answer.status, await answer.text()]).toEqual([200, edit]);
    const stored = await stage.get('/api/prompts/in/edit.jpg');
    expect(stored.headers.get('etag')).toBe(answer.headers.get('etag'));
    expect(answer.headers.get('etag')).not.toBe(etag);

    await stage.drop('in/edit.jpg', await photo({ width: 200, height: 120, seed: 2 }));
    await stage.send('POST', '/api/prompts', { blob: 'in/edit.jpg' });
    expect(await stage.text(promptName('in/edit.jpg'))).toBe(edit);
    expect((await readList(await stage.get('/api/prompts?prefix=in/'))).items).toMatchObject([
      { name: 'in/edit.jpg', status: 'edited' },
    ]);
  });

  test('takes any name as a query, and a star where a prompt is stored', async () => {
    await described('star.jpg');
    const put = (name: string) =>
      stage.send('PUT', `/api/prompts?name=${name}`, { prompt: 'mine' }, { 'if-match': '*' });
    expect((await put('star.jpg')).status).toBe(200);
    await stage.drop('bare.jpg', jpeg);
    expect((await readProblem(await put('bare.jpg'))).code).toBe('precondition-failed');
    expect(await stage.text(promptName('bare.jpg'))).toBeNull();
  });

  test('needs If-Match, and refuses another version, a weak one and an unquoted one', async () => {
    const etag = await described('match.jpg');
    const before = await stage.text(promptName('match.jpg'));
    const put = (headers: Record<string, string>) =>
      stage.send('PUT', '/api/prompts/match.jpg', { prompt: 'mine' }, headers);
    expect(await readProblem(await put({}))).toMatchObject({ status: 428, code: 'precondition-required' });
    for (const other of ['"0x1"', `W/${etag}`, etag.replaceAll('"', ''), '']) {
      expect(await readProblem(await put({ 'if-match': other }))).toMatchObject({
        status: 412,
        code: 'precondition-failed',
      });
    }
    expect(await stage.text(promptName('match.jpg'))).toBe(before);
    expect((await put({ 'if-match': `"0x1", ${etag}` })).status).toBe(200);
  });

  test('of two edits of one version at once, one is stored', async () => {
    const etag = await described('race.jpg');
    const edits = ['one', 'two', 'three'].map((prompt) => JSON.stringify({ prompt }));
    const answers = await Promise.all(
      edits.map((edit) => stage.send('PUT', '/api/prompts/race.jpg', edit, { 'if-match': etag })),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses.toSorted()).toEqual([200, 412, 412]);
    expect(await stage.text(promptName('race.jpg'))).toBe(edits[statuses.indexOf(200)]);
  });

  test('is 404 without an image, and for what is no image', async () => {
    await stage.drop('notes.txt', 'words', 'text/plain');
    await stage.drop(promptName('notes.txt'), '{}', 'application/json');
    await stage.drop(promptName('gone.jpg'), '{}', 'application/json');
    for (const name of ['never.jpg', 'gone.jpg', 'notes.txt', promptName('gone.jpg')]) {
      const answer = await stage.send('PUT', `/api/prompts/${name}`, { prompt: 'x' }, { 'if-match': '*' });
      expect([name, answer.status]).toEqual([name, 404]);
    }
    expect(await stage.text(promptName('gone.jpg'))).toBe('{}');
  });

  test('refuses what has no prompt, and what is larger than 1 MiB', async () => {
    const etag = await described('shape.jpg');
    const put = (content: unknown) =>
      stage.send('PUT', '/api/prompts/shape.jpg', content, { 'if-match': etag });
    for (const content of [{}, { prompt: 1 }, [], null, 'words'].map((value) => JSON.stringify(value))) {
      expect(await readProblem(await put(content))).toMatchObject({ status: 400, code: 'invalid-request' });
    }
    const large = (bytes: number) => JSON.stringify({ prompt: 'x'.repeat(bytes - '{"prompt":""}'.length) });
    expect((await readProblem(await put(large(1024 * 1024 + 1)))).code).toBe('body-too-large');
    expect((await put(large(1024 * 1024))).status).toBe(200);
  });

  test('takes away an error JSON, since the edit answers for the image now', async () => {
    const etag = await described('broken.jpg');
    await stage.drop(errorName('broken.jpg'), '{}', 'application/problem+json');
    await stage.send('PUT', '/api/prompts/broken.jpg', { prompt: 'x' }, { 'if-match': etag });
    expect(await stage.text(errorName('broken.jpg'))).toBeNull();
  });
});

test('a prompt that changes between its check and the writing is not overwritten', async () => {
  const [alone] = HOSTS;
  if (alone === undefined) throw new Error('there is no host');
  const { connectionString } = azurite;
  const stage = await openStage(alone, { connectionString, purpose: 'meanwhile' });
  const { blobs } = stage;
  await stage.drop('a.jpg', jpeg);
  await stage.drop(promptName('a.jpg'), '{"prompt":"first"}');
  const interfering = {
    ...{ container: blobs.container, url: blobs.url.bind(blobs), read: blobs.read.bind(blobs) },
    ...{ write: blobs.write.bind(blobs), remove: blobs.remove.bind(blobs), page: blobs.page.bind(blobs) },
    async head(name: string) {
      const found = await blobs.head(name);
      if (name === promptName('a.jpg')) await stage.drop(name, '{"prompt":"meanwhile"}');
      return found;
    },
  };
  const log = createLog('silent');
  const routes = editRoutes({ blobs: interfering, settings: {}, prefix: '', drainBodies: false, log });
  const app = new Hono().route('/api/prompts', routes).onError((error) => new Response(error.message));
  const answer = await app.request('/api/prompts/a.jpg', {
    ...{ method: 'PUT', body: '{"prompt":"mine"}' },
    headers: { 'content-type': 'application/json', 'if-match': '*' },
  });
  expect(await answer.text()).toBe('precondition-failed');
  expect(await stage.text(promptName('a.jpg'))).toBe('{"prompt":"meanwhile"}');
  await stage.close();
});
