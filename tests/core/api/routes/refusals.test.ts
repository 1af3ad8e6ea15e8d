import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Operation } from '../../../../core/api/operation.ts';
import { EDIT_PROMPT } from '../../../../core/api/prompts/edit.ts';
import { START_BATCH } from '../../../../core/api/routes/batch-operations.ts';
import { COMPOSE_PROMPTS } from '../../../../core/api/routes/compose.ts';
import { EXPORT_PROMPTS } from '../../../../core/api/routes/export.ts';
import { GET_QR_CODE } from '../../../../core/api/routes/qr.ts';
import { RETRY_IMAGES } from '../../../../core/api/routes/retry.ts';
import { GET_THUMBNAIL } from '../../../../core/api/routes/thumbnail.ts';
import { SIGN_UPLOAD } from '../../../../core/api/routes/upload.ts';
import { readProblem } from '../../../answers.ts';
import { startAzurite } from '../../../azurite.ts';
import { HOSTS } from '../../../hosts.ts';
import { openStage, type Stage } from './stage.ts';

const KEY = 'a-key-of-this-test';
const KEY_HASH = 'c73709273baf56e34601274981efeacf554caeaae8526782d24e006efadf2a7d';

let azurite: Awaited<ReturnType<typeof startAzurite>>;

beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.close());

const operations: readonly Operation[] = [
  ...[EDIT_PROMPT, COMPOSE_PROMPTS, RETRY_IMAGES, START_BATCH, SIGN_UPLOAD],
  ...[GET_THUMBNAIL, EXPORT_PROMPTS, GET_QR_CODE],
];

const requests = operations.map(({ method, path, body }) => ({
  ...{ method, path: path.replace('{name}', 'a/b.jpg'), hasBody: body !== undefined },
  operation: `${method} ${path}`,
}));
const withBody = requests.filter(({ hasBody }) => hasBody);

describe.each(HOSTS)('what every route refuses, on $host', (host) => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await openStage(host, { connectionString: azurite.connectionString, purpose: 'refusals' });
  });
  afterAll(() => stage.close());

  const send = (
    { method, path }: (typeof requests)[number],
    body: RequestInit['body'],
    headers: Record<string, string> = {},
  ) => {
    const init = { method, headers: { 'content-type': 'application/json', 'if-match': '*', ...headers } };
    const sent = body === undefined ? init : { ...init, body, duplex: 'half' };
    return stage.fetch(path, sent as RequestInit);
  };

  test.each(withBody)('H22: $operation takes no body of 2 MiB, declared or not', async (request) => {
    const bytes = new Uint8Array(2 * 1024 * 1024).fill(0x20);
    const chunked = new ReadableStream({
      start(controller) {
        controller.enqueue(bytes);
        controller.close();
      },
    });
    for (const body of [bytes, chunked]) {
      // Over a socket the rest of the body is cut off, and with it, sometimes, the answer.
      // Nor may the connection be used again, since it is closed a little later.
      const answer = await send(request, body, { connection: 'close' }).catch((error) => {
        if (host.host === 'the container server' && error.cause?.name === 'SocketError') return null;
        throw error;
      });
      if (answer) {
        expect(await readProblem(answer)).toMatchObject({ status: 413, code: 'body-too-large' });
      }
    }
  });

  test.each(withBody)(
    'H23: $operation takes no Content-Encoding, and no other content type',
    async (request) => {
      const bodies = [
        { 'content-encoding': 'gzip' },
        { 'content-type': 'text/plain' },
        { 'content-type': '' },
      ];
      for (const headers of bodies) {
        expect((await readProblem(await send(request, '{}', headers))).code).toBe('unsupported-media-type');
      }
    },
  );

  test.each(requests)('H27: $operation has no other methods, and says which it has', async (request) => {
    const answer = await send({ ...request, method: 'DELETE' as 'PUT' }, undefined);
    expect((await readProblem(answer)).code).toBe('method-not-allowed');
    expect(answer.headers.get('allow')?.split(', ')).toContain(request.method);
  });

  test.each(requests)('H27: $operation takes no query that it does not know', async (request) => {
    const body = request.hasBody ? '{"prompt":"","name":"a.jpg","targets":["plain"]}' : undefined;
    const answer = await send({ ...request, path: `${request.path}?nmae=1` }, body);
    expect(await readProblem(answer)).toMatchObject({ status: 400, code: 'invalid-request' });
  });

  test.each(withBody)('H30: $operation takes only JSON that every reader reads alike', async (request) => {
    const bodies = [
      ...['', '{', '{"prompt":"","prompt":"x"}', '{"__proto__":{},"prompt":"x"}'],
      ...[`{"prompt":"x","deep":${'['.repeat(30_000)}${']'.repeat(30_000)}}`],
      new Uint8Array([...Buffer.from('{"prompt":"'), 0xc3, 0x28, ...Buffer.from('"}')]),
    ];
    for (const body of bodies) {
      expect(await readProblem(await send(request, body))).toMatchObject({
        status: 400,
        code: 'invalid-json',
      });
    }
  });

  test('H24: a name comes back escaped only', async () => {
    const name = 'a"><script>\u202e.jpg';
    const paths = [`/api/thumbnails/${encodeURIComponent(name)}`, `/api/prompts/${encodeURIComponent(name)}`];
    for (const path of paths) {
      const text = await (await stage.get(path)).text();
      expect(text).not.toContain('<script>');
      expect(text).not.toContain('\u202e');
    }
    const upload = await stage.send('POST', '/api/uploads', { name });
    expect(upload.headers.get('content-type')).toBe('application/json');
    const { url } = JSON.parse(await upload.text());
    expect(url).toContain('a%22%3E%3Cscript%3E%E2%80%AE.jpg');
  });
});

describe.each(HOSTS)('H28 on $host', (host) => {
  let stage: Stage;

  beforeAll(async () => {
    const { connectionString } = azurite;
    const settings = { API_KEYS: KEY_HASH, AUTH: 'keys' };
    stage = await openStage(host, { connectionString, purpose: 'keyless', settings });
  });
  afterAll(() => stage.close());

  test.each(requests)('$operation needs its key, and not in the query', async ({ method, path }) => {
    expect((await stage.fetch(path, { method })).status).toBe(401);
    expect((await stage.fetch(path, { method, headers: { 'x-api-key': 'another' } })).status).toBe(401);
    const inQuery = await stage.fetch(`${path}?key=${KEY}`, { method });
    expect(inQuery.status).toBe(400);
    const known = await stage.fetch(`${path}?nmae=1`, { method, headers: { 'x-api-key': KEY } });
    expect(known.status).toBe(400);
  });
});

test('every example is what its schema takes', () => {
  for (const { body, answer } of operations) {
    if (body) expect(body.schema.safeParse(body.example).success).toBe(true);
    if (answer.schema && answer.example) expect(answer.schema.safeParse(answer.example).success).toBe(true);
  }
});
