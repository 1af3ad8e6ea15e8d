import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { json } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from '@jest/globals';
import { NOTICE } from '../../../scripts/deploy/notice.ts';
import { runScript } from './child.ts';

interface Asked {
  readonly request: string;
  readonly body: unknown;
}

let server: Server | undefined;
afterEach(async () => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

/** A server that answers by method and path, else with 404. */
async function serve(answers: Readonly<Record<string, readonly [number, unknown]>>) {
  const asked: Asked[] = [];
  server = createServer(async (request, response) => {
    const key = `${request.method} ${request.url}`;
    asked.push({ request: key, body: request.method === 'POST' ? await json(request) : null });
    const [status, body] = answers[key] ?? [404, {}];
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { address: `http://127.0.0.1:${address.port}`, asked };
}

describe('the pull request of a release', () => {
  const LIST = 'GET /repos/o/r/pulls?state=open&base=main&head=o%3Adev';
  const pull = { number: 7, html_url: 'https://github.com/o/r/pull/7' };
  const run = (address: string) =>
    runScript('release-pr.ts', { GITHUB_API_URL: address, GITHUB_REPOSITORY: 'o/r', GITHUB_TOKEN: 't' });

  test('is opened with its title and labels', async () => {
    const { address, asked } = await serve({
      [LIST]: [200, []],
      'GET /repos/o/r/compare/main...dev': [200, { ahead_by: 2 }],
      'POST /repos/o/r/pulls': [201, pull],
      'POST /repos/o/r/issues/7/labels': [200, []],
    });
    expect(await run(address)).toEqual({ code: 0, output: `opened: ${pull.html_url}\n` });
    expect(asked.slice(2)).toEqual([
      {
        request: 'POST /repos/o/r/pulls',
        body: expect.objectContaining({ title: 'Release: Sync dev -> main', head: 'dev', base: 'main' }),
      },
      { request: 'POST /repos/o/r/issues/7/labels', body: { labels: ['release', 'automation'] } },
    ]);
  });

  test('is the one that is open already', async () => {
    const { address, asked } = await serve({
      [LIST]: [200, [pull]],
      'POST /repos/o/r/issues/7/labels': [200, []],
    });
    expect((await run(address)).code).toBe(0);
    expect(asked.map(({ request }) => request)).not.toContain('POST /repos/o/r/pulls');
  });

  test('is not opened where there is nothing to release', async () => {
    const { address, asked } = await serve({
      [LIST]: [200, []],
      'GET /repos/o/r/compare/main...dev': [200, { ahead_by: 0 }],
    });
    expect((await run(address)).code).toBe(0);
    expect(asked).toHaveLength(2);
  });

  test('fails where GitHub refuses, and does not print the token', async () => {
    const { address } = await serve({ [LIST]: [403, { message: 'no' }] });
    const { code, output } = await run(address);
    expect(code).not.toBe(0);
    expect(output).toContain('403');
    expect(output).not.toContain('Bearer');
  });
});

describe('a notice', () => {
  const env = {
    NOTICE_TYPE: 'deployment.succeeded',
    NOTICE_ENVIRONMENT: 'production',
    NOTICE_VERSION: '1.2.3',
    GITHUB_WORKFLOW: 'deploy',
    GITHUB_SHA: 'abc',
    GITHUB_REPOSITORY: 'o/r',
    GITHUB_ACTOR: 'someone',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_RUN_ID: '4711',
  };

  test('is posted as flat JSON', async () => {
    const { address, asked } = await serve({ 'POST /hook?sig=secret': [202, {}] });
    const { code, output } = await runScript('notify.ts', {
      ...env,
      NOTIFY_URL: `${address}/hook?sig=secret`,
    });
    expect({ code, output }).toEqual({ code: 0, output: 'told: 202\n' });
    expect(NOTICE.parse(asked[0]?.body)).toMatchObject({
      environment: 'production',
      url: 'https://github.com/o/r/actions/runs/4711',
    });
  });

  test('that nobody takes fails nothing, and the secret stays out of the log', async () => {
    const { code, output } = await runScript('notify.ts', {
      ...env,
      NOTIFY_URL: 'http://127.0.0.1:1/hook?sig=secret',
    });
    expect(code).toBe(0);
    expect(output).toContain('::warning::');
    expect(output).not.toContain('secret');
  });

  test('is sent to nobody without an address', async () => {
    expect((await runScript('notify.ts', env)).output).toContain('nobody is told');
  });
});
