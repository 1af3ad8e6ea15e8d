import { gzipSync } from 'node:zlib';
import type { TokenCredential } from '@azure/core-auth';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type AzureVisionOptions, azureVision } from '../../../../core/vision/azure-vision/azure-vision.ts';
import { byResourceKey } from '../../../../core/vision/azure-vision/client.ts';
import { createVision } from '../../../../core/vision/create.ts';
import type { VisionFeature } from '../../../../core/vision/vision.ts';
import {
  type Behaviour,
  fail,
  hang,
  html,
  resetBeforeHeaders,
  resetMidBody,
  respond,
  slowBytes,
  truncatedJson,
} from '../../../faults/vision-behaviour.ts';
import { startVisionServer, type VisionServer } from '../../../faults/vision-server.ts';
import { picture } from '../picture.ts';

let server: VisionServer;
beforeAll(async () => {
  server = await startVisionServer();
});
afterAll(() => server.close());

interface Ask extends Partial<AzureVisionOptions> {
  readonly signal?: AbortSignal;
  readonly language?: string;
  readonly features?: readonly VisionFeature[];
}

function analyze({ signal = new AbortController().signal, ...ask }: Ask = {}) {
  const { language = 'en', features = ['caption', 'tags'], ...options } = ask;
  const { endpoint, key } = server;
  const vision = azureVision({ endpoint: new URL(endpoint), authorize: byResourceKey(key), ...options });
  return vision.analyze(picture(), { features, language, signal });
}

const LATE = new Error('its time is up');

const OK = {
  modelVersion: '2023-10-01',
  metadata: { width: 400, height: 200 },
  captionResult: { text: 'a boat', confidence: 0.9 },
};
const withConfidence = (confidence: unknown) => ({ ...OK, captionResult: { text: 'a boat', confidence } });

describe('An error answer is asked for once only, and', () => {
  const rows: [string, Behaviour, object][] = [
    ['400 InvalidImageSize refuses the image', fail(400, 'InvalidImageSize'), { code: 'vision-rejected' }],
    [
      '400 InvalidImageFormat refuses the image',
      fail(400, 'InvalidImageFormat'),
      { code: 'vision-rejected' },
    ],
    ['400 InvalidRequest refuses the image', fail(400, 'InvalidRequest'), { code: 'vision-rejected' }],
    ['400 without a readable body refuses the image', html(400), { code: 'vision-rejected' }],
    ['413 refuses the image', fail(413, 'RequestTooLarge'), { code: 'vision-rejected' }],
    ['415 refuses the image', fail(415, 'UnsupportedMediaType'), { code: 'vision-rejected' }],
    ['401 is about credentials', fail(401, '401'), { code: 'vision-auth' }],
    ['403 is about credentials', fail(403, '403'), { code: 'vision-auth' }],
    ['429 is throttling', fail(429, '429'), { code: 'vision-throttled', headers: {} }],
    ['404 is an unavailable service', fail(404, '404'), { code: 'vision-unavailable' }],
    ['408 is an unavailable service', fail(408, 'Timeout'), { code: 'vision-unavailable' }],
    ['500 is an unavailable service', fail(500, 'InternalServerError'), { code: 'vision-unavailable' }],
    ['503 with HTML is an unavailable service', html(503), { code: 'vision-unavailable' }],
    [
      'an unknown feature is no fault of the image',
      fail(400, 'NotSupportedVisualFeature'),
      { code: 'vision-unavailable' },
    ],
  ];
  test.each(rows)('%s', async (_name, behaviour, expected) => {
    const before = server.calls;
    server.script(behaviour);
    await expect(analyze()).rejects.toMatchObject(expected);
    expect(server.calls).toBe(before + 1);
  });

  test('a redirect is not followed, least of all with the key', async () => {
    const before = server.calls;
    server.script(respond(307, '', { location: `${server.endpoint}/elsewhere` }));
    await expect(analyze()).rejects.toMatchObject({ code: 'vision-unavailable' });
    expect(server.calls).toBe(before + 1);
  });

  test('a language that the service does not know is a fault of the request', async () => {
    const problem = { code: 'invalid-request', detail: 'The service says NotSupportedLanguage.' };
    await expect(analyze({ language: 'tlh' })).rejects.toMatchObject(problem);
  });

  test("its message stays in the log: the public detail has the service's code at most", async () => {
    const error = { code: 'Invalid<script>', message: 'secret.internal says no' };
    server.script(respond(400, { error }), respond(400, { error: { ...error, code: 'InvalidImageSize' } }));
    await expect(analyze()).rejects.toMatchObject({ detail: undefined });
    await expect(analyze()).rejects.toMatchObject({
      detail: 'The service says InvalidImageSize.',
      cause: expect.objectContaining({ message: expect.stringContaining('secret.internal') }),
    });
  });

  test.each([['2'], ['0'], ['1e12'], ['Wed, 21 Oct 2026 07:28:00 GMT']])(
    'a Retry-After of %s is handed on as it came, and goes into no answer of ours',
    async (retryAfter) => {
      server.script(fail(429, '429', { 'retry-after': retryAfter }));
      await expect(analyze()).rejects.toMatchObject({ code: 'vision-throttled', retryAfter, headers: {} });
    },
  );

  test('without a Retry-After its message is handed on, since some say it there', async () => {
    const message = 'Rate limit is exceeded. Please retry after 3 seconds.';
    server.script(respond(429, { error: { code: '429', message } }));
    await expect(analyze()).rejects.toMatchObject({ code: 'vision-throttled', retryAfter: message });
  });

  test.each([
    ['0123456789abcdef0123456789abcdef', 401],
    ['AbCdEfGhIjKlMnOpQrStUvWxYz0123456789AbCdEfGhIjKlMnOpQrStUvWxYz0123456789AbCdEfGhIjKl', 403],
    ['a key: of 3 words', 401],
  ])('a key that comes back as a code is repeated to nobody: %s', async (code, status) => {
    server.script(respond(status, { error: { code, message: code } }));
    const cause = { message: `Image Analysis answered ${status}` };
    await expect(analyze()).rejects.toMatchObject({ code: 'vision-auth', cause });
  });

  test('the code of a refused key is in the log', async () => {
    server.script(respond(401, { error: { code: 'PermissionDenied', message: 'words' } }));
    const cause = { message: 'Image Analysis answered 401 PermissionDenied' };
    await expect(analyze()).rejects.toMatchObject({ code: 'vision-auth', cause });
  });

  test('a wrong key is told apart from a wrong image', async () => {
    await expect(analyze({ authorize: byResourceKey('another') })).rejects.toMatchObject({
      code: 'vision-auth',
    });
  });
});

describe('An answer is unusable', () => {
  const rows: [string, Behaviour][] = [
    ['when it is HTML', html()],
    ['when it is empty', respond(200, '')],
    ['when its JSON ends too early', truncatedJson()],
    [
      'when it is not in UTF-8',
      respond(200, Buffer.from(JSON.stringify({ ...OK, modelVersion: 'é' }), 'latin1')),
    ],
    ['when it is longer than 4 MB', respond(200, { ...OK, filler: 'x'.repeat(5_000_000) })],
    [
      'when it unfolds to more than 4 MB',
      respond(200, gzipSync(JSON.stringify({ ...OK, filler: 'x'.repeat(5_000_000) })), {
        'content-encoding': 'gzip',
      }),
    ],
    ['when it claims to be compressed and is not', respond(200, OK, { 'content-encoding': 'gzip' })],
    ['when a confidence is above one', respond(200, withConfidence(7))],
    ['when a confidence is negative', respond(200, withConfidence(-0.1))],
    ['when a confidence is NaN', respond(200, JSON.stringify(withConfidence('@')).replace('"@"', 'NaN'))],
    [
      'when a confidence is infinite',
      respond(200, JSON.stringify(withConfidence('@')).replace('"@"', '1e999')),
    ],
    ['when a confidence is a string', respond(200, withConfidence('0.9'))],
    ['when a text is no text', respond(200, { ...OK, captionResult: { text: ['a boat'], confidence: 0.9 } })],
    ['when it has no size of the image', respond(200, { ...OK, metadata: {} })],
    ['when the image it saw has no width', respond(200, { ...OK, metadata: { width: 0, height: 200 } })],
    ['when it is a list', respond(200, [OK])],
    ['when it is null', respond(200, 'null')],
  ];
  test.each(rows)('%s', async (_name, behaviour) => {
    server.script(behaviour);
    await expect(analyze()).rejects.toMatchObject({ name: 'FailedError', code: 'vision-bad-response' });
  });

  test('and one with a hundred thousand faults does not fill the log', async () => {
    const values = Array.from({ length: 100_000 }, () => ({}));
    server.script(respond(200, { ...OK, tagsResult: { values } }));
    const error = await analyze().catch((thrown) => thrown);
    expect(error.code).toBe('vision-bad-response');
    expect(error.cause.message.length).toBeLessThan(500);
  });
});

describe('A connection', () => {
  test.each([
    ['that is reset before the answer', resetBeforeHeaders()],
    ['that ends within the answer', resetMidBody()],
  ])('%s means an unavailable service', async (_name, behaviour) => {
    server.script(behaviour);
    await expect(analyze()).rejects.toMatchObject({ code: 'vision-unavailable' });
  });

  test('that nobody accepts means an unavailable service', async () => {
    const gone = await startVisionServer();
    await gone.close();
    const endpoint = new URL(gone.endpoint);
    await expect(analyze({ endpoint })).rejects.toMatchObject({ code: 'vision-unavailable' });
  });
});

describe('Time', () => {
  test('is up when a server says nothing: the signal ends the wait', async () => {
    const deadline = new AbortController();
    server.script(hang());
    const arrival = server.arrival();
    const analysis = expect(analyze({ signal: deadline.signal })).rejects.toBe(LATE);
    await arrival;
    deadline.abort(LATE);
    await analysis;
  });

  test('is up when a server sends byte by byte: the signal holds for the whole answer', async () => {
    const deadline = new AbortController();
    server.script(slowBytes(1, (count) => count === 20 && deadline.abort(LATE)));
    await expect(analyze({ signal: deadline.signal })).rejects.toBe(LATE);
  });

  test("is the caller's own: aborting gives the caller's reason back, before or while the service is asked", async () => {
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

describe('Who asks', () => {
  test('is asked for before every request, so that a key that was changed is used at once', async () => {
    const keys = ['an-old-key', server.key];
    const { endpoint } = server;
    const authorize = async () => byResourceKey(keys.shift() ?? '')(new AbortController().signal);
    const vision = azureVision({ endpoint: new URL(endpoint), authorize });
    const options = { features: ['tags'], language: 'en', signal: new AbortController().signal } as const;
    await expect(vision.analyze(picture(), options)).rejects.toMatchObject({ code: 'vision-auth' });
    await expect(vision.analyze(picture(), options)).resolves.toMatchObject({ degraded: false });
  });

  const withIdentity = (identity: TokenCredential) => {
    const vision = createVision(
      { provider: 'azure-vision', endpoint: server.endpoint, key: undefined },
      { identity },
    );
    const signal = new AbortController().signal;
    return vision.analyze(picture(), { features: ['tags'], language: 'en', signal });
  };

  test('is an identity where there is no key, by a token of Cognitive Services', async () => {
    const asked: unknown[] = [];
    const identity = {
      async getToken(scopes: string | string[]) {
        asked.push(scopes);
        return { token: server.key, expiresOnTimestamp: Date.now() + 3_600_000 };
      },
    };
    await expect(withIdentity(identity)).resolves.toMatchObject({ degraded: false });
    expect(asked.flat()).toEqual(['https://cognitiveservices.azure.com/.default']);
  });

  test('is refused as a matter of credentials when the identity has no token', async () => {
    const calls = server.calls;
    const identity = { getToken: () => Promise.reject(new Error('signed out')) };
    await expect(withIdentity(identity)).rejects.toMatchObject({ code: 'vision-auth' });
    expect(server.calls).toBe(calls);
  });
});
