import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { byKey } from '../../../../core/vision/authorize.ts';
import { type OpenAIOptions, openaiVision } from '../../../../core/vision/openai/openai.ts';
import type { VisionFeature } from '../../../../core/vision/vision.ts';
import { contractPath, describeWithContracts } from '../../../contracts.ts';
import {
  type Behaviour,
  endHalfWay,
  fail,
  hang,
  hangHalfWay,
  html,
  resetBeforeHeaders,
  resetHalfWay,
  respond,
  trickle,
} from '../../../faults/behaviour.ts';
import { type ChatBehaviour, completion, goodBody, say } from '../../../faults/chat-behaviour.ts';
import { type ChatServer, startChatServer } from '../../../faults/chat-server.ts';
import { picture } from '../picture.ts';

let server: ChatServer;
beforeAll(async () => {
  server = await startChatServer({ key: 'a-key' });
});
afterAll(() => server.close());

interface Ask extends Partial<OpenAIOptions> {
  readonly signal?: AbortSignal;
  readonly features?: readonly VisionFeature[];
}

function analyze({ signal = new AbortController().signal, ...ask }: Ask = {}) {
  const { features = ['caption', 'tags'], ...options } = ask;
  const endpoint = new URL(server.endpoint);
  const authorize = byKey('a-key', endpoint);
  const vision = openaiVision({ endpoint, authorize, model: server.model, ...options });
  return vision.analyze(picture(), { features, language: 'en', signal });
}

const LATE = new Error('its time is up');

const error = (status: number, error: object | string, headers?: Readonly<Record<string, string>>) =>
  respond(status, { error }, headers);

describe('An error answer is asked for once only, and', () => {
  const rows: [string, Behaviour<unknown>, object][] = [
    ['V3: 408 is an unavailable service', fail(408, 'Timeout'), { code: 'vision-unavailable' }],
    ['V3: 500 is an unavailable service', fail(500, 'server_error'), { code: 'vision-unavailable' }],
    ['V3: 502 is an unavailable service', html(502), { code: 'vision-unavailable' }],
    [
      'V3: 503 is an unavailable service that may say when it is back',
      fail(503, 'overloaded', { 'retry-after': '7' }),
      { code: 'vision-unavailable', retryAfter: '7' },
    ],
    ['V3: 504 is an unavailable service', html(504), { code: 'vision-unavailable' }],
    ['V4: 400 refuses the image', fail(400, 'invalid_image_format'), { code: 'vision-rejected' }],
    ['V4: 400 without a readable body refuses the image', html(400), { code: 'vision-rejected' }],
    ['V4: 413 refuses the image', fail(413, 'request_too_large'), { code: 'vision-rejected' }],
    ['V4: 415 refuses the image', fail(415, 'UnsupportedMediaType'), { code: 'vision-rejected' }],
    ['V4: 422 refuses the image', error(422, 'no such thing'), { code: 'vision-rejected' }],
    ['V5: 401 is about credentials', fail(401, 'invalid_api_key'), { code: 'vision-auth' }],
    ['V5: 403 is about credentials', fail(403, 'PermissionDenied'), { code: 'vision-auth' }],
  ];
  test.each(rows)('%s', async (_name, behaviour, expected) => {
    const before = server.calls;
    server.script(behaviour);
    await expect(analyze()).rejects.toMatchObject(expected);
    expect(server.calls).toBe(before + 1);
  });

  test.each(['2', '0', '1e12', 'Wed, 21 Oct 2026 07:28:00 GMT'])(
    'V1, V2: 429 is throttling, and its Retry-After of %s is handed on as it came',
    async (retryAfter) => {
      server.script(fail(429, 'rate_limit_exceeded', { 'retry-after': retryAfter }));
      await expect(analyze()).rejects.toMatchObject({ code: 'vision-throttled', retryAfter, headers: {} });
    },
  );

  test('V2: without a Retry-After its message is handed on, since some say it there', async () => {
    server.script(error(429, { code: 'RateLimitReached', message: 'Please retry after 6 seconds.' }));
    await expect(analyze()).rejects.toMatchObject({
      code: 'vision-throttled',
      retryAfter: expect.stringContaining('retry after 6 seconds'),
    });
  });

  // In the words of Azure, OpenAI, Ollama.
  test.each([
    [404, { code: 'DeploymentNotFound', message: 'The API deployment for this resource does not exist.' }],
    [404, { code: 'model_not_found', message: 'No.' }],
    [404, { code: null, message: 'model "llava" not found, try pulling it first' }],
    [400, { code: 'model_not_found', message: 'No.' }],
  ])('%i for a model that is not there is no fault of the image', async (status, body) => {
    server.script(error(status, body));
    await expect(analyze()).rejects.toMatchObject({
      code: 'vision-unavailable',
      detail: 'It does not have the model it was asked for.',
    });
  });

  test('404 for everything is an address that is wrong', async () => {
    server.script(html(404));
    await expect(analyze()).rejects.toMatchObject({
      code: 'vision-unavailable',
      detail: 'There is nothing at the address it was asked at.',
    });
  });

  // In the words of OpenAI, LM Studio, vLLM.
  test.each([
    { code: null, message: 'Invalid content type. image_url is only supported by certain models.' },
    'Model does not support images. Please use a model that does.',
    { code: 400, message: 'tiny-2 is not a multimodal model' },
    { code: 'unsupported_parameter', message: 'No.' },
  ])('400 for a model that cannot do this is no fault of the image (%j)', async (body) => {
    const before = server.calls;
    server.script(error(400, body));
    await expect(analyze()).rejects.toMatchObject({
      code: 'vision-unavailable',
      detail: 'Its model cannot do what it was asked for.',
    });
    expect(server.calls).toBe(before + 1);
  });

  test('a redirect is not followed, least of all with the key', async () => {
    const before = server.calls;
    server.script(respond(307, '', { location: `${server.origin}/elsewhere` }));
    await expect(analyze()).rejects.toMatchObject({ code: 'vision-unavailable' });
    expect(server.calls).toBe(before + 1);
  });

  test("its message stays in the log: the public detail has the service's code at most", async () => {
    const message = 'secret.internal says no';
    server.script(error(400, { code: 'bad<script>', message }), error(400, { code: 'bad_image', message }));
    await expect(analyze()).rejects.toMatchObject({ detail: undefined });
    await expect(analyze()).rejects.toMatchObject({
      detail: 'The service says bad_image.',
      cause: expect.objectContaining({ message: expect.stringContaining('secret.internal') }),
    });
  });
});

describe('V10: An image that is declined is refused for good', () => {
  const declined = { name: 'RefusedError', code: 'content-filtered' };
  test.each<[string, Behaviour<unknown>]>([
    ['by a filter before the model', error(400, { code: 'content_filter', message: 'Filtered.' })],
    [
      'by a filter that says so deeper in its answer',
      error(400, { code: '400', innererror: { code: 'ResponsibleAIPolicyViolation' } }),
    ],
    ['by a filter behind the model', say('{"caption": "a', 'content_filter')],
    ['by the model, in the field for it', respond(200, completion({ content: null, refusal: 'No.' }))],
    ['by a model that has no field for it', say("I'm sorry, but I can't assist with that.")],
    ['by a model that declines within its answer', say('{"caption": "I cannot help with this", "tags": []}')],
  ])('%s', async (_name, behaviour) => {
    const before = server.calls;
    server.script(behaviour);
    await expect(analyze()).rejects.toMatchObject(declined);
    expect(server.calls).toBe(before + 1);
  });
});

describe('V8: An answer is unusable', () => {
  const good = '{"caption": "a boat", "tags": ["sea"]}';
  const latin1 = Buffer.from(JSON.stringify(completion({ content: good.replace('sea', 'é') })), 'latin1');
  const long = { ...completion({ content: good }), filler: 'x'.repeat(5_000_000) };
  const rows: [string, ChatBehaviour][] = [
    ['when it is HTML', html()],
    ['when it is empty', respond(200, '')],
    ['when it is null', respond(200, 'null')],
    ['when its JSON ends too early', endHalfWay(goodBody)],
    ['when it is not in UTF-8', respond(200, latin1)],
    ['when it is longer than 4 MB', respond(200, long)],
    [
      'when it unfolds to more than 4 MB',
      respond(200, gzipSync(JSON.stringify(long)), { 'content-encoding': 'gzip' }),
    ],
    ['when it claims to be compressed and is not', respond(200, long, { 'content-encoding': 'gzip' })],
    ['when there is no choice in it', respond(200, { ...completion({ content: good }), choices: [] })],
    ['when the model says nothing', respond(200, completion({ content: null }))],
    ['when the model calls a tool', respond(200, completion({ content: null }, 'tool_calls'))],
    ['when the model talks', say('The image shows a boat.')],
    ['when the model stops within its JSON', say(good.slice(0, -5))],
    ['when it was cut off, even where it happens to be whole', say(good, 'length')],
    ['when a field is missing', say('{"caption": "a boat"}')],
    ['when a caption is no text', say('{"caption": 7, "tags": []}')],
    ['when a list is none', say('{"caption": "a boat", "tags": "sea"}')],
    ['when a list holds something else', say('{"caption": "a boat", "tags": [{"name": "sea"}]}')],
    ['when its JSON is a list', say('["a boat"]')],
  ];
  test.each(rows)('%s', async (_name, behaviour) => {
    const before = server.calls;
    server.script(behaviour);
    await expect(analyze()).rejects.toMatchObject({ name: 'FailedError', code: 'vision-bad-response' });
    expect(server.calls).toBe(before + 1);
  });

  test.each(['-1', '1.5', '1e999', '"two"', 'NaN'])('when %s people are counted', async (people) => {
    server.script(say(`{"people": ${people}}`));
    await expect(analyze({ features: ['people'] })).rejects.toMatchObject({ code: 'vision-bad-response' });
  });

  test('and one with a hundred thousand faults does not fill the log', async () => {
    server.script(say(JSON.stringify({ caption: 'a boat', tags: Array.from({ length: 100_000 }, () => 0) })));
    const error = await analyze().catch((thrown) => thrown);
    expect(error.code).toBe('vision-bad-response');
    expect(error.cause.message.length).toBeLessThan(500);
  });
});

describe('V7: A connection', () => {
  test.each<[string, ChatBehaviour]>([
    ['that is reset before the answer', resetBeforeHeaders()],
    ['that ends within the answer', resetHalfWay(goodBody)],
  ])('%s means an unavailable service', async (_name, behaviour) => {
    const before = server.calls;
    server.script(behaviour);
    await expect(analyze()).rejects.toMatchObject({ code: 'vision-unavailable' });
    expect(server.calls).toBe(before + 1);
  });

  test('that nobody accepts means an unavailable service', async () => {
    const gone = await startChatServer();
    await gone.close();
    const endpoint = new URL(gone.endpoint);
    await expect(analyze({ endpoint })).rejects.toMatchObject({ code: 'vision-unavailable' });
  });
});

describe('V6: Time', () => {
  test('is up when a server says nothing: the signal ends the wait', async () => {
    const deadline = new AbortController();
    server.script(hang());
    const arrival = server.arrival();
    const analysis = expect(analyze({ signal: deadline.signal })).rejects.toBe(LATE);
    await arrival;
    deadline.abort(LATE);
    await analysis;
  });

  test('is up when a server stops within its answer', async () => {
    const deadline = new AbortController();
    const begun = Promise.withResolvers<void>();
    server.script((request, response) => {
      hangHalfWay(goodBody)(request, response);
      begun.resolve();
    });
    const analysis = expect(analyze({ signal: deadline.signal })).rejects.toBe(LATE);
    await begun.promise;
    deadline.abort(LATE);
    await analysis;
  });

  test('is up when a server sends byte by byte: the signal holds for the whole answer', async () => {
    const deadline = new AbortController();
    server.script(trickle(goodBody, 1, (count) => count === 20 && deadline.abort(LATE)));
    await expect(analyze({ signal: deadline.signal })).rejects.toBe(LATE);
  });

  test("is the caller's own: aborting gives the caller's reason back, before or while the model is asked", async () => {
    const reason = new Error('the client went away');
    await expect(analyze({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const caller = new AbortController();
    server.script(hang());
    const arrival = server.arrival();
    const analysis = expect(analyze({ signal: caller.signal })).rejects.toBe(reason);
    await arrival;
    caller.abort(reason);
    await analysis;
  });
});

describeWithContracts('Answers that were recorded elsewhere (needs CONTRACTS_DIR)', () => {
  const example = (name: string) => readFile(contractPath('openai', `${name}.json`), 'utf8');

  test.each([
    ['examples/recorded.refusal.response', 200, 'content-filtered'],
    ['constructed/azure-finish-content-filter.response', 200, 'content-filtered'],
    ['azure/prompt-content-filter.error-400', 400, 'content-filtered'],
    ['examples/recorded.finish-length.response', 200, 'vision-bad-response'],
    ['examples/recorded.tool-call.response', 200, 'vision-bad-response'],
    ['examples/recorded.json-schema.response', 200, 'vision-bad-response'],
    ['examples/image-input.response', 200, 'vision-bad-response'],
    ['azure/annotated-with-protected-code.response', 200, 'vision-bad-response'],
  ])('%s with status %i means %s', async (name, status, code) => {
    server.script(respond(status, await example(name)));
    await expect(analyze()).rejects.toMatchObject({ code });
  });

  test('what was asked for is taken from one that has it, and the rest of it is left', async () => {
    server.script(respond(200, await example('constructed/image-json-schema.response')));
    const { model, tags, caption } = await analyze({ features: ['tags'] });
    expect({ model, caption }).toEqual({ model: 'gpt-4o-2024-08-06', caption: null });
    expect(tags.map(({ text }) => text)).toEqual(['boardwalk', 'meadow', 'sky']);
  });
});
