import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readProblem } from '../../../answers.ts';
import { startAzurite } from '../../../azurite.ts';
import { HOSTS } from '../../../hosts.ts';

let azurite: Awaited<ReturnType<typeof startAzurite>>;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.close());

describe.each(HOSTS)('H27: $host', ({ start }) => {
  const begin = () => start({ STORAGE: azurite.connectionString });

  test.each([
    ['/api/prompts', 'application/xml'],
    ['/api/prompts', 'image/*'],
    ['/api/prompts/a.jpg', 'text/html, application/json;q=0'],
    ['/api/thumbnails/a/b.jpg', 'application/json'],
    ['/api/qr?text=x', 'image/jpeg'],
    ['/api/prompts', 'nonsense'],
    ['/api/batches/0f9d5c1e7ab34c2f8e6d1b0a59c47e13', 'text/html'],
    ['/api/qr?text=x&format=svg', 'image/png'],
    ['/api/qr?text=x', 'image/svg+xml'],
  ])('has nothing at %s for who accepts only %s', async (path, accept) => {
    const host = await begin();
    const answer = await host.fetch(path, { headers: { accept } });
    expect([answer.status, (await readProblem(answer)).code]).toEqual([406, 'not-acceptable']);
    await host.close();
  });

  test.each([
    ['/api/prompts', 'application/json'],
    ['/api/prompts', 'text/html, Application/*;q=0.1'],
    ['/api/prompts', 'text/html,application/xhtml+xml,*/*;q=0.8'],
    ['/api/qr?text=x', 'image/*'],
    ['/api/qr?text=x&format=svg', 'image/svg+xml'],
    ['/api/live', 'text/plain'],
  ])('answers %s to who accepts %s', async (path, accept) => {
    const host = await begin();
    expect((await host.fetch(path, { headers: { accept } })).status).toBe(200);
    await host.close();
  });

  test('names everything that is wrong with a query, and where', async () => {
    const host = await begin();
    const answer = await host.fetch('/api/prompts?limit=1e9&status=odd&n=1&m=2');
    const problem = await readProblem(answer);
    expect([answer.status, problem.code]).toEqual([400, 'invalid-request']);
    const { errors } = problem as { errors?: readonly { readonly parameter: string }[] };
    expect(errors?.map(({ parameter }) => parameter).sort()).toEqual(['limit', 'm', 'n', 'status']);
    await host.close();
  });

  test('names everything that is wrong with a body, and where', async () => {
    const host = await begin();
    const answer = await host.fetch('/api/compose', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'a.jpg', targets: ['plain', 'odd'], prefix: 7 }),
    });
    const problem = await readProblem(answer);
    expect([answer.status, problem.code]).toEqual([400, 'invalid-request']);
    const { errors } = problem as { errors?: readonly { readonly pointer: string }[] };
    expect(errors?.map(({ pointer }) => pointer).sort()).toEqual(['#/prefix', '#/targets/1']);
    await host.close();
  });
});
