import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { VISION_FEATURES } from '../../core/vision/vision.ts';
import { contractPath, describeWithContracts } from '../contracts.ts';
import { picture } from '../core/vision/picture.ts';
import { AMPLE_MS } from '../until.ts';
import { fail } from './vision-behaviour.ts';
import { startVisionServer, type VisionServer } from './vision-server.ts';

let server: VisionServer;
beforeAll(async () => {
  server = await startVisionServer();
});
afterAll(() => server.close());

interface Call {
  readonly method?: string;
  readonly path?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

async function call({ method = 'POST', path = 'imageanalysis:analyze', query, headers, body }: Call = {}) {
  const url = new URL(`${server.endpoint}/computervision/${path}`);
  const parameters = { 'api-version': '2023-10-01', features: VISION_FEATURES.join(','), ...query };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  const response = await fetch(url, {
    method,
    headers: {
      'content-type': 'application/octet-stream',
      'ocp-apim-subscription-key': server.key,
      ...headers,
    },
    ...(method === 'POST' && { body: Buffer.from(body ?? (await picture().jpeg())) }),
    signal: AbortSignal.timeout(AMPLE_MS),
  });
  return { status: response.status, body: JSON.parse(await response.text()) };
}

describe('The fake service', () => {
  test('answers exactly the features asked for, with boxes that lie in the image sent', async () => {
    const { status, body } = await call({
      query: { features: 'people,tags' },
      body: await picture(640, 480).jpeg(),
    });
    expect(status).toBe(200);
    expect(Object.keys(body).sort()).toEqual(['metadata', 'modelVersion', 'peopleResult', 'tagsResult']);
    expect(body.metadata).toEqual({ width: 640, height: 480 });
    expect(body.peopleResult.values[0].boundingBox).toEqual({ x: 480, y: 216, w: 96, h: 168 });
  });

  const wrong: [string, Call, number, string][] = [
    ['another key', { headers: { 'ocp-apim-subscription-key': 'another' } }, 401, '401'],
    ['another path', { path: 'analyze' }, 404, '404'],
    ['another method', { method: 'GET' }, 404, '404'],
    ['another api-version', { query: { 'api-version': '2024-01-01' } }, 404, 'UnsupportedApiVersion'],
    ['an unknown parameter', { query: { feature: 'tags' } }, 400, 'BadArgument'],
    ['an unknown feature', { query: { features: 'tags,colour' } }, 400, 'NotSupportedVisualFeature'],
    ['no feature', { query: { features: '' } }, 400, 'NotSupportedVisualFeature'],
    ['an unknown language', { query: { language: 'tlh' } }, 400, 'NotSupportedLanguage'],
    ['a malformed model version', { query: { 'model-version': 'newest' } }, 400, 'BadArgument'],
    ['another content type', { headers: { 'content-type': 'image/jpeg' } }, 415, 'UnsupportedMediaType'],
    ['an empty body', { body: new Uint8Array() }, 400, 'InvalidRequest'],
    ['a body that is no JPEG', { body: Buffer.from('GIF89a, or so it says') }, 400, 'InvalidImageFormat'],
  ];
  test.each(wrong)('refuses %s', async (_name, request, status, code) => {
    const answer = await call(request);
    expect(answer.status).toBe(status);
    expect(answer.body.error.innererror?.code ?? answer.body.error.code).toBe(code);
  });

  test('refuses an image that is too small', async () => {
    const { status, body } = await call({ body: await picture(400, 49).jpeg() });
    expect([status, body.error.innererror.code]).toEqual([400, 'InvalidImageSize']);
  });

  test('follows its script request by request and then behaves again; what it refuses uses up nothing', async () => {
    server.script(fail(503, 'Busy'), fail(429, '429'));
    const refused = await call({ query: { features: 'colour' } });
    const statuses = [(await call()).status, (await call()).status, (await call()).status];
    expect([refused.status, ...statuses]).toEqual([400, 503, 429, 200]);
  });
});

describeWithContracts("Against the service's OpenAPI document (needs CONTRACTS_DIR)", () => {
  async function validator(definition: string) {
    const path = contractPath('azure-vision/image-analysis-2023-10-01.openapi.json');
    const { definitions } = JSON.parse(await readFile(path, 'utf8'));
    const ajv = new Ajv({ strict: false, validateFormats: false });
    return ajv.compile({ $ref: `#/definitions/${definition}`, definitions });
  }

  test('the answers of the fake service are valid', async () => {
    const validate = await validator('ImageAnalysisResult');
    const { body } = await call();
    validate(body);
    expect(validate.errors).toBeNull();
    validate({ ...body, captionResult: { text: 'a boat' } });
    expect(validate.errors).not.toBeNull();
  });

  test('its refusals are valid', async () => {
    const validate = await validator('Azure.Core.Foundations.ErrorResponse');
    const wrongKey = { headers: { 'ocp-apim-subscription-key': 'another' } };
    for (const request of [wrongKey, { query: { features: 'colour' } }]) {
      validate((await call(request)).body);
      expect(validate.errors).toBeNull();
    }
  });
});
