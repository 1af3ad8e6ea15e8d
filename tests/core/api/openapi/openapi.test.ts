import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { openApiDocument } from '../../../../core/api/openapi/document.ts';
import { OPERATIONS } from '../../../../core/api/operations.ts';
import { parseConfig } from '../../../../core/config.ts';
import { PROBLEMS } from '../../../../core/errors.ts';
import { createLog } from '../../../../core/log.ts';
import { createProgram } from '../../../../core/program.ts';
import { startAzurite } from '../../../azurite.ts';
import { HOSTS } from '../../../hosts.ts';

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly operationId: string }>>>>;
}
// Its shape is what the tests below are about.
const document = openApiDocument() as Document;
const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, { operationId }]) => ({ path, method, operationId })),
);

let azurite: Awaited<ReturnType<typeof startAzurite>>;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.close());

describe('the OpenAPI document', () => {
  test('is valid by the schema of OpenAPI 3.1', async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(JSON.parse(JSON.stringify(document)));
    expect([valid, errors]).toEqual([true, undefined]);
    expect(validator.version).toBe('3.1');
    const broken = { ...document, paths: { '/x': { get: { responses: { ok: {} } } } } };
    expect((await new Validator().validate(broken)).valid).toBe(false);
  });

  test('has every route of the app, and nothing else', async () => {
    const storage = { connectionString: azurite.connectionString };
    const program = await createProgram(
      parseConfig({ STORAGE: azurite.connectionString }),
      storage,
      createLog('silent'),
    );
    const app = program.api({ loopback: true, drainBodies: false });
    const routes = app.routes
      // Middleware is there for all methods. The container's own path of the health is no part of the API, nor is what the
      // page of the docs loads.
      .filter(({ method, path }) => method !== 'ALL' && path !== '/health')
      .map(
        ({ method, path }) =>
          `${method} ${path
            .replace('/*', '/{name}')
            .replace('/:file?', '')
            .replace(/:(\w+)/, '{$1}')}`,
      );
    const documented = operations.map(({ path, method }) => `${method.toUpperCase()} ${path}`);
    expect([...new Set(routes)].sort()).toEqual(documented.sort());
  });

  test('names every operation once', () => {
    const ids = operations.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('lists errors that are answered with the status they are listed under', () => {
    for (const { errors, answer, otherAnswers = [] } of OPERATIONS) {
      const statuses = [answer, ...otherAnswers].map(({ status }) => status).filter((status) => status < 400);
      for (const code of errors) expect(statuses).not.toContain(PROBLEMS[code].status);
    }
  });
});

describe.each(HOSTS)('$host', ({ start }) => {
  const begin = () => start({ STORAGE: azurite.connectionString, RATE_LIMIT: '1/h', AUTH: 'keys' });

  test('answers the document to everyone', async () => {
    const host = await begin();
    for (let request = 0; request < 3; request++) {
      const answer = await host.fetch('/api/openapi.json');
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json']);
      expect(await answer.json()).toEqual(JSON.parse(JSON.stringify(document)));
    }
    await host.close();
  });

  test('answers a page that loads nothing from elsewhere, and runs no script that is written into it', async () => {
    const host = await begin();
    const page = await host.fetch('/api/docs');
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/);
    expect(policy).not.toContain('unsafe');
    const html = await page.text();
    expect(html).not.toMatch(/<script(?! src=)|<style|style=|\bon\w+=|https?:/);
    const loaded = [...html.matchAll(/(?:src|href)="(\/[^"]*)"/g)].map(([, path = '']) => path);
    expect(loaded).toHaveLength(3);
    for (const path of loaded) {
      const file = await host.fetch(path);
      expect([path, file.status]).toEqual([path, 200]);
      const etag = file.headers.get('etag') ?? '';
      expect((await host.fetch(path, { headers: { 'if-none-match': etag } })).status).toBe(304);
    }
    expect((await host.fetch('/api/docs/package.json')).status).toBe(404);
    expect((await host.fetch('/api/docs/..%2Fpackage.json')).status).toBe(404);
    await host.close();
  });
});
