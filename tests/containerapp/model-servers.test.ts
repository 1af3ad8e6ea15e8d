import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, describe, expect, test } from '@jest/globals';
import { findModels, MODEL_SERVERS } from '../../containerapp/local/model-servers.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

/** A server on a free port; `asked` has the addresses that it was asked for. */
async function listen(answer: RequestListener) {
  const asked: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url);
    answer(request, response);
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { port: address.port, asked, server };
}

const json =
  (body: unknown, status = 200): RequestListener =>
  (_request, response) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
const ollama = (...names: string[]) => json({ models: names.map((name) => ({ name, size: 1 })) });
const openai = (...ids: string[]) => json({ object: 'list', data: ids.map((id) => ({ id })) });

const find = (ports: readonly number[], signal = AbortSignal.timeout(10_000), ownPorts: number[] = []) =>
  findModels({
    servers: ports.map((port, at) => ({ name: `server ${at}`, port, path: '/list' })),
    ownPorts,
    signal,
  });

describe('A model server on this machine', () => {
  test('is found, with what VISION_ENDPOINT and VISION_MODEL have to be', async () => {
    const [one, other] = [
      await listen(ollama('llama3.2:3b', 'llava:13b')),
      await listen(openai('qwen2.5-vl-7b')),
    ];
    expect(await find([one.port, other.port])).toEqual([
      {
        server: 'server 0',
        endpoint: `http://127.0.0.1:${one.port}/v1`,
        model: 'llava:13b',
        seesImages: true,
      },
      {
        server: 'server 1',
        endpoint: `http://127.0.0.1:${other.port}/v1`,
        model: 'qwen2.5-vl-7b',
        seesImages: true,
      },
    ]);
    expect([one.asked, other.asked]).toEqual([['/list'], ['/list']]);
  });

  test.each([
    ['llava:latest', true],
    ['bakllava', true],
    ['llama3.2-vision:11b', true],
    ['qwen2.5vl:7b', true],
    ['qwen/qwen3-vl-8b', true],
    ['Qwen/Qwen2-VL-7B-Instruct', true],
    ['gemma3:4b', true],
    ['google/gemma-3-12b', true],
    ['minicpm-v:8b', true],
    ['moondream', true],
    ['SmolVLM-Instruct', true],
    ['InternVL3-8B', true],
    ['gemma3:1b', false],
    ['gemma3n:e4b', false],
    ['llama3.2:3b', false],
    ['mistral:7b', false],
    ['devlin-7b', false],
  ])('has the model %s, of which the name says that it sees images: %s', async (model, seesImages) => {
    const { port } = await listen(ollama(model));
    expect(await find([port])).toMatchObject([{ model, seesImages }]);
  });

  test('that has no model that surely sees images is named with its first, but not with one for search', async () => {
    const { port } = await listen(ollama('nomic-embed-text', 'my-model', 'mistral:7b'));
    expect(await find([port])).toMatchObject([{ model: 'my-model', seesImages: false }]);
  });

  test('is not taken at its word where that would be dangerous to print', async () => {
    const { port } = await listen(
      ollama('llava; rm -rf ~', 'llava\u001b[2J', '$(llava)', '-llava', 'x'.repeat(200)),
    );
    expect(await find([port])).toEqual([]);
  });

  test('is not asked when it is this program itself', async () => {
    const { port, asked } = await listen(ollama('llava'));
    expect(await find([port], undefined, [port])).toEqual([]);
    expect(asked).toEqual([]);
  });
});

describe('Something else on the port is no model server:', () => {
  test.each<[string, RequestListener]>([
    ['a page', (_request, response) => response.end('<!doctype html>')],
    ['other JSON', json({ models: 'many' })],
    ['null', json(null)],
    ['no model', ollama()],
    ['an error', json({ models: [{ name: 'llava' }] }, 500)],
    ['a closed door', (_request, response) => response.socket?.destroy()],
    [
      'too much',
      (_request, response) => response.end(JSON.stringify({ data: [], filler: 'x'.repeat(2_000_000) })),
    ],
  ])('%s', async (_name, behaviour) => {
    const { port } = await listen(behaviour);
    expect(await find([port])).toEqual([]);
  });

  test('one that sends elsewhere', async () => {
    const elsewhere = await listen(ollama('llava'));
    const location = `http://127.0.0.1:${elsewhere.port}/list`;
    const { port } = await listen((_request, response) => response.writeHead(302, { location }).end());
    expect(await find([port])).toEqual([]);
    expect(elsewhere.asked).toEqual([]);
  });

  test('nothing at all', async () => {
    const { port, server } = await listen(ollama('llava'));
    server.close();
    server.closeAllConnections();
    expect(await find([port])).toEqual([]);
  });

  test('one that does not answer in time, which keeps no other from being found', async () => {
    const deadline = new AbortController();
    const silent = await listen(() => {});
    const slow = await listen((_request, response) => response.write('{"models": ['));
    const quick = await listen(ollama('llava'));
    // `fetch` tells here that an answer was read to its end; only one will be.
    const read = () => setImmediate(() => deadline.abort());
    subscribe('undici:request:trailers', read);
    const found = await find([silent.port, slow.port, quick.port], deadline.signal);
    unsubscribe('undici:request:trailers', read);
    expect(found).toMatchObject([{ endpoint: `http://127.0.0.1:${quick.port}/v1` }]);
  });
});

test('Of the usual servers each has a port of its own', () => {
  expect(MODEL_SERVERS.map(({ name, port }) => `${name} ${port}`)).toEqual([
    'Ollama 11434',
    'LM Studio 1234',
    'vLLM 8000',
  ]);
});
