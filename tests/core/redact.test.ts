import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { redacted, redactedText } from '../../core/redact.ts';

const KEY = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

describe('Of a text there is no more', () => {
  test.each([
    ['the query of an address', 'GET https://a.example/x.jpg?sv=2024&sig=SECRET failed', 'SECRET'],
    ['the query of a path', 'GET /api/prompts?name=SECRET.jpg failed', 'SECRET'],
    ['a user and a password', 'connect to https://me:SECRET@a.example/x', 'SECRET'],
    ['the key of a connection string', `AccountName=a;AccountKey=${KEY};EndpointSuffix=x`, KEY],
    ['a signature by itself', 'sv=2024-01-01&sr=b&sig=SECRET%3D&se=2027', 'SECRET'],
    ['a shared access signature', 'BlobEndpoint=https://a/;SharedAccessSignature=sv=SECRET', 'SECRET'],
    ['the key of Application Insights', 'InstrumentationKey=SECRET;IngestionEndpoint=https://a/', 'SECRET'],
    ['a bearer token', 'authorization: Bearer SECRET.SECRET-1', 'SECRET'],
    ['the signature of a storage request', `SharedKey account:${KEY}`, KEY],
    [
      'a signature that storage did not like',
      "The MAC signature found in the HTTP request 'SECRET+/x=' is not the same as any computed signature.",
      'SECRET',
    ],
    ['a JSON Web Token', 'got eyJhbGciOiJI.eyJzdWIiOiIx.SECRETSECRET', 'SECRET'],
    ['a key of a model provider', 'Incorrect API key provided: sk-proj-SECRETSECRET', 'SECRET'],
    ['a key that a header has', 'ocp-apim-subscription-key: SECRET', 'SECRET'],
    ['a password that JSON has', '{"password":"SECRET"}', 'SECRET'],
  ])('%s', (_what, text, secret) => {
    const { err } = redacted({ err: new Error(text, { cause: new Error(text) }) });
    for (const shown of [redactedText(text), JSON.stringify(err)]) expect(shown).not.toContain(secret);
  });

  test('than its beginning where it is long, and it does not take long', () => {
    expect(redactedText('x'.repeat(100_000)).length).toBeLessThan(9_000);
    for (const hostile of ['https://', 'a://b', '?a', 'eyJ', 'Bearer ', 'sig=']) {
      expect(redactedText(hostile.repeat(20_000)).length).toBeLessThan(20_000);
    }
  });
});

test('What is of use stays: names, codes, addresses without their queries', () => {
  const fields = {
    name: 'holiday/cat 1.jpg',
    outcome: 'done',
    ms: 12,
    ok: true,
    none: null,
    at: 'https://a/b',
  };
  expect(redacted(fields)).toEqual(fields);
  expect(redactedText('Is it there? Yes = no.')).toBe('Is it there? Yes = no.');
});

test.each([
  'apiKey',
  'VISION_KEY',
  'Authorization',
  'set-cookie',
  'webhookSecret',
  'passwd',
  'connectionString',
])('A field called %s shows nothing, however deep it is', (key) => {
  expect(JSON.stringify(redacted({ a: { b: [{ [key]: 'SECRET' }] } }))).not.toContain('SECRET');
});

test('Nobody is told where a photo was taken', () => {
  const camera = { make: 'Nikon', GPSLatitude: 48.2, gps: { lat: 48.2 }, longitude: [16, 22, 0] };
  expect(redacted({ camera })).toEqual({
    camera: { make: 'Nikon', GPSLatitude: '[redacted]', gps: '[redacted]', longitude: '[redacted]' },
  });
});

test('Nothing that hangs on an error is told but its class, code, message, stack and causes', () => {
  const request = { headers: { 'x-other': 'SECRET' }, body: 'SECRET' };
  const error = Object.assign(new TypeError('no'), { code: 'EX', request, details: 'SECRET' });
  const { err } = redacted({ err: new Error('outer', { cause: error }) });
  expect(err).toMatchObject({ type: 'Error', message: 'outer', cause: { type: 'TypeError', code: 'EX' } });
  expect(JSON.stringify(err)).not.toContain('SECRET');
});

test('What refers to itself, or is of no kind of JSON, ends all the same', () => {
  const loop: Record<string, unknown> = { big: 1n, when: new Date(0), bytes: new Uint8Array(9) };
  loop.loop = loop;
  const error = new Error('a');
  error.cause = error;
  const line = redacted({
    loop,
    err: error,
    broken: new Date(Number.NaN),
    url: new URL('https://a/b?sig=SECRET'),
  });
  expect(line).toMatchObject({
    loop: { big: '1', when: '1970-01-01T00:00:00.000Z', bytes: '9 bytes' },
    broken: null,
    url: 'https://a/b',
  });
  expect(JSON.stringify(line).length).toBeLessThan(100_000);
});

test('Whatever is logged can be written as JSON, and has no signature', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.anything({ withDate: true, withBigInt: true })), (fields) => {
      const line = JSON.stringify(redacted({ ...fields, address: 'https://a.example/?sig=SECRET' }));
      expect(line).not.toContain('SECRET');
    }),
  );
});
