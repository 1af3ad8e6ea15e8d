import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { sharp } from '../../../../core/image/sharp.ts';
import { promptDocument } from '../../../../core/prompt/document.ts';
import { promptName } from '../../../../core/store/names.ts';
import { readDocument, readProblem } from '../../../answers.ts';
import { startAzurite } from '../../../azurite.ts';
import { photo } from '../../../fixtures/images/photo.ts';
import { HOSTS } from '../../../hosts.ts';
import { openStage, type Stage } from './stage.ts';

const composed = z.strictObject({ prompts: promptDocument.shape.prompts });

let azurite: Awaited<ReturnType<typeof startAzurite>>;
let jpeg: Buffer;

beforeAll(async () => {
  azurite = await startAzurite();
  jpeg = await photo({ width: 160, height: 120 });
});
afterAll(() => azurite.close());

describe.each(HOSTS)('POST /api/compose on $host', (host) => {
  let stage: Stage;

  beforeAll(async () => {
    const settings = {
      PROMPT_TARGETS: 'plain',
      PROMPT_PREFIX: 'a postcard of',
      PROMPT_MIDJOURNEY_VERSION: '8.1',
    };
    stage = await openStage(host, {
      connectionString: azurite.connectionString,
      purpose: 'compose',
      settings,
    });
    await stage.drop('cat.jpg', jpeg);
    await stage.send('POST', '/api/prompts', { blob: 'cat.jpg' });
  });
  afterAll(() => stage.close());

  const compose = (body: unknown) => stage.send('POST', '/api/compose', body);

  test('makes exactly the targets asked for, of a stored prompt, and writes nothing', async () => {
    const before = await stage.text(promptName('cat.jpg'));
    const answer = await compose({ name: 'cat.jpg', targets: ['sdxl', 'midjourney', 'sdxl'] });
    expect(answer.status).toBe(200);
    const { prompts } = composed.parse(await answer.json());
    expect(Object.keys(prompts)).toEqual(['sdxl', 'midjourney']);
    expect(prompts.sdxl?.prompt).toMatch(/^a postcard of/);
    expect(await stage.text(promptName('cat.jpg'))).toBe(before);
    expect((await stage.blobs.page({ size: 10 })).blobs.map(({ name }) => name)).toEqual([
      'cat.jpg',
      promptName('cat.jpg'),
    ]);
  });

  test('puts in the prefix, suffix and trigger word of the request, for none of them an empty one', async () => {
    const words = { prefix: 'oil painting of', suffix: 'muted', triggerWord: 'ohwx' };
    const ask = async (more: object) =>
      composed.parse(await (await compose({ name: 'cat.jpg', targets: ['sdxl'], ...more })).json()).prompts
        .sdxl?.prompt;
    const prompt = await ask(words);
    for (const word of Object.values(words)) expect(prompt).toContain(word);
    expect(prompt).not.toContain('postcard');
    expect(await ask({ prefix: '' })).not.toContain('postcard');
  });

  test('is for the version of Midjourney that the settings name', async () => {
    const grey = await sharp(jpeg).greyscale().jpeg().toBuffer();
    await stage.drop('grey.jpg', grey);
    const stored = await readDocument(
      await stage.send('POST', '/api/prompts?target=midjourney', { blob: 'grey.jpg' }),
    );
    const answer = await compose({ name: 'grey.jpg', targets: ['midjourney'] });
    const { midjourney } = composed.parse(await answer.json()).prompts;
    expect(midjourney).toEqual(stored.prompts.midjourney);
    expect(midjourney?.prompt).toMatch(/ black and white, .* --ar 4:3$/);
  });

  test('gives the same for a document as for the image it belongs to', async () => {
    const document = await readDocument(await stage.get('/api/prompts/cat.jpg'));
    const [stored, sent] = await Promise.all([
      compose({ name: 'cat.jpg', targets: ['flux2'] }),
      compose({ document, targets: ['flux2'] }),
    ]);
    expect(await sent.text()).toBe(await stored.text());
  });

  test('is 404 where there is no prompt, and 422 where a person wrote one without facts', async () => {
    await stage.drop('bare.jpg', jpeg);
    await stage.drop('mine.jpg', jpeg);
    await stage.drop(promptName('mine.jpg'), '{"prompt":"mine"}', 'application/json');
    const codes = [];
    for (const name of ['bare.jpg', 'never.jpg', 'notes.txt', 'mine.jpg']) {
      codes.push((await readProblem(await compose({ name, targets: ['plain'] }))).code);
    }
    expect(codes).toEqual(['not-found', 'not-found', 'not-found', 'prompt-not-composable']);
  });

  test('refuses a body without or with both of name and document, no or unknown targets, unknown members', async () => {
    const document = await readDocument(await stage.get('/api/prompts/cat.jpg'));
    const targets = ['plain'];
    const bodies = [
      { targets },
      { name: 'cat.jpg', document, targets },
      { name: 'cat.jpg' },
      { name: 'cat.jpg', targets: [] },
      { name: 'cat.jpg', targets: ['dall-e'] },
      { name: 'cat.jpg', targets, pixels: true },
      { name: 'cat.jpg', targets, prefix: 'x'.repeat(4_001) },
      { document: { ...document, facts: [{ kind: 'secret' }] }, targets },
    ];
    for (const body of bodies) {
      expect(await readProblem(await compose(body))).toMatchObject({ status: 400, code: 'invalid-request' });
    }
    expect((await readProblem(await compose({ name: 'a/../b.jpg', targets }))).code).toBe('invalid-name');
  });
});
