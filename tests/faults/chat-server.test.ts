import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { anonymous } from '../../core/vision/authorize.ts';
import { openaiVision } from '../../core/vision/openai/openai.ts';
import { VISION_FEATURES } from '../../core/vision/vision.ts';
import { contractPath, describeWithContracts } from '../contracts.ts';
import { picture } from '../core/vision/picture.ts';
import { AMPLE_MS } from '../until.ts';
import { goodBody } from './chat-behaviour.ts';
import type { ChatRequest } from './chat-request.ts';
import { type ChatServer, startChatServer } from './chat-server.ts';
import { strictSchemaFault } from './strict-schema.ts';

let server: ChatServer;
let good: ChatRequest;
beforeAll(async () => {
  server = await startChatServer({ key: 'a-key' });
  good = await whatIsAsked();
});
afterAll(() => server.close());

/** A request as this project makes it, for the tests to spoil. */
async function whatIsAsked(formats?: readonly 'json_object'[]): Promise<ChatRequest> {
  const open = await startChatServer(formats && { formats });
  try {
    const { endpoint, model } = open;
    const vision = openaiVision({ endpoint: new URL(endpoint), authorize: anonymous, model });
    const signal = new AbortController().signal;
    await vision.analyze(picture(), { features: VISION_FEATURES, language: 'en', signal });
    const request = open.requests.at(-1);
    if (!request) throw new Error('nothing was asked');
    return request;
  } finally {
    await open.close();
  }
}

interface Call {
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

async function call({ path = '/chat/completions', headers, body }: Call = {}) {
  const response = await fetch(`${server.endpoint}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'api-key': 'a-key', ...headers },
    body: JSON.stringify({ ...good.body, ...body }),
    signal: AbortSignal.timeout(AMPLE_MS),
  });
  return { status: response.status, body: JSON.parse(await response.text()) };
}

const withImage = (url: string) => ({
  messages: [
    { role: 'system', content: good.system },
    {
      role: 'user',
      content: [
        { type: 'text', text: good.user },
        { type: 'image_url', image_url: { url, detail: 'high' } },
      ],
    },
  ],
});

const withSchema = (schema: object) => ({
  response_format: { type: 'json_schema', json_schema: { name: 'image', strict: true, schema } },
});

describe('The fake chat server', () => {
  test('answers a good request, with either kind of key', async () => {
    expect((await call()).status).toBe(200);
    const bearer = { 'api-key': '', authorization: 'Bearer a-key' };
    expect((await call({ headers: bearer })).status).toBe(200);
  });

  const wrong: [string, () => Call, number, string][] = [
    ['another key', () => ({ headers: { 'api-key': 'another' } }), 401, 'Incorrect API key'],
    ['another path', () => ({ path: '/completions' }), 404, 'not found'],
    ['another model', () => ({ body: { model: 'gpt-0' } }), 404, "'gpt-0' does not exist"],
    ['a content type that is no JSON', () => ({ headers: { 'content-type': 'text/plain' } }), 415, ''],
    ['an unknown parameter', () => ({ body: { temperatur: 0 } }), 400, 'temperatur'],
    ['no message', () => ({ body: { messages: [] } }), 400, 'messages'],
    ['no limit of tokens', () => ({ body: { max_completion_tokens: undefined } }), 400, 'max_completion'],
    ['an address instead of an image', () => ({ body: withImage('https://a/b.jpg') }), 400, 'not be read'],
    [
      'an image that is no JPEG',
      () => ({ body: withImage('data:image/jpeg;base64,R0lGODlh') }),
      400,
      'not be read',
    ],
    [
      'a schema that is not strict',
      () => ({ body: withSchema({ type: 'object', properties: {} }) }),
      400,
      'additionalProperties',
    ],
  ];
  test.each(wrong)('refuses %s', async (_name, request, status, message) => {
    const answer = await call(request());
    expect(answer.status).toBe(status);
    expect(answer.body.error.message).toContain(message);
  });
});

describe('A schema for strict output', () => {
  const object = (properties: object, required = Object.keys(properties)) => ({
    ...{ type: 'object', properties, required, additionalProperties: false },
  });
  const nested = (levels: number): object =>
    levels === 1 ? { type: 'string' } : object({ a: nested(levels - 1) });

  test.each([
    ['is fine as it is described', object({ a: { type: 'array', items: { type: 'string' } } }), null],
    ['is fine with five levels', nested(5), null],
    ['has no sixth level', nested(6), 'nested too deeply'],
    ['requires every field', object({ a: { type: 'string' } }, []), 'does not require a'],
    ['limits no length', object({ a: { type: 'string', maxLength: 9 } }), 'keyword maxLength'],
    ['limits no number', object({ a: { type: 'integer', minimum: 0 } }), 'keyword minimum'],
    ['has an object at its root', { type: 'array', items: { type: 'string' } }, 'root is not an object'],
  ])('%s', (_name, schema, fault) => {
    expect(strictSchemaFault(schema)).toEqual(fault === null ? null : expect.stringContaining(fault));
  });
});

describeWithContracts("Against OpenAI's OpenAPI document (needs CONTRACTS_DIR)", () => {
  async function validator(schema: string) {
    const path = contractPath('openai/chat-completions.openapi.json');
    // JSON Schema 2020-12, which OpenAPI 3.1 is written in, has no such keyword, and ajv stumbles over it.
    const withoutNullable = (key: string, value: unknown) => (key === 'nullable' ? undefined : value);
    const { components } = JSON.parse(await readFile(path, 'utf8'), withoutNullable);
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    return ajv.compile({ $ref: `#/components/schemas/${schema}`, components });
  }

  test('what this project asks is valid, with a schema and without', async () => {
    const validate = await validator('CreateChatCompletionRequest');
    for (const { body } of [good, await whatIsAsked(['json_object']), await whatIsAsked([])]) {
      validate(body);
      expect(validate.errors).toBeNull();
    }
    validate({ ...good.body, messages: 'Describe this image.' });
    expect(validate.errors).not.toBeNull();
  });

  test('the answers of the fake server are valid', async () => {
    const validate = await validator('CreateChatCompletionResponse');
    validate(JSON.parse(goodBody(good)));
    expect(validate.errors).toBeNull();
    validate({ ...JSON.parse(goodBody(good)), choices: {} });
    expect(validate.errors).not.toBeNull();
  });

  test('its refusals are valid', async () => {
    const validate = await validator('ErrorResponse');
    for (const request of [{ headers: { 'api-key': 'another' } }, { body: { model: 'gpt-0' } }]) {
      validate((await call(request)).body);
      expect(validate.errors).toBeNull();
    }
  });
});
