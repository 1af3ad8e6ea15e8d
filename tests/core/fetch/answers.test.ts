import { once } from 'node:events';
import { createServer } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { FailedError } from '../../../core/errors.ts';
import { type Internet, PUBLIC, startInternet } from './internet.ts';
import { outcomeOf, problemOf } from './outcome.ts';

const MIB = 1024 * 1024;
const TOO_LARGE = [413, 'image-too-large'];
const INCOMPLETE = [422, 'source-incomplete'];
const address = 'http://photos.example/a.jpg';

let internet: Internet;

beforeEach(async () => {
  internet = await startInternet();
  internet.name('photos.example', [PUBLIC]);
});
afterEach(() => internet.close());

/** Answers every request with these very bytes and ends. */
async function say(...parts: readonly (string | Buffer)[]): Promise<void> {
  const server = createServer((socket) =>
    socket.once('data', () => socket.end(Buffer.concat(parts.map((part) => Buffer.from(part))))),
  );
  await internet.place(server);
}

function status(code: number, headers: Readonly<Record<string, string>> = {}): Promise<void> {
  return internet.site((_request, response) => response.writeHead(code, headers).end('page'));
}

describe('U11: what the source answers', () => {
  test.each([400, 401, 403, 404, 410, 204, 206, 304])(
    '%i is final, and the problem names it',
    async (code) => {
      await status(code);
      const { code: problem, kind, detail } = await problemOf(address, internet);
      expect([problem, kind.status, detail]).toEqual(['source-error', 422, `The source answered ${code}.`]);
    },
  );

  test.each([408, 429, 500, 502, 503, 504])('%i may pass', async (code) => {
    await status(code);
    const problem = await problemOf(address, internet);
    expect(problem).toBeInstanceOf(FailedError);
    expect([problem.code, problem.kind.status, problem.headers]).toEqual(['source-unavailable', 502, {}]);
    expect(problem.detail).toBe(`The source answered ${code}.`);
  });

  test.each([
    ['120', '120'],
    ['99999999', '3600'],
    ['soon\u00ff', undefined],
  ])('a Retry-After of %s is told as %s', async (said, told) => {
    await status(429, { 'retry-after': said });
    expect((await problemOf(address, internet)).headers['retry-after']).toBe(told);
  });
});

test.each(['text/html', 'image/png', 'application/x-nothing', ''])(
  'U12: the type %j decides nothing',
  async (type) => {
    await internet.site((_request, response) =>
      response.writeHead(200, type ? { 'content-type': type } : {}).end('picture'),
    );
    expect(await outcomeOf(address, internet)).toBe('picture');
  },
);

describe('U13: a body', () => {
  test.each([
    [1_000, 'a'.repeat(1_000)],
    [1_001, TOO_LARGE],
  ])('of %i bytes, of at most 1000', async (length, expected) => {
    await internet.site((_request, response) => response.end('a'.repeat(length)));
    expect(await outcomeOf(address, internet)).toEqual(expected);
  });

  test('that declares 5 GB is refused before it comes', async () => {
    await internet.site((_request, response) => {
      response.writeHead(200, { 'content-length': 5_000_000_000 }).flushHeaders();
    });
    expect(await outcomeOf(address, internet)).toEqual(TOO_LARGE);
  });

  test('that does not declare its size is refused at the limit, and cut off', async () => {
    const { promise: cut, resolve } = Promise.withResolvers<void>();
    let sent = 0;
    await internet.site(async (_request, response) => {
      response.once('close', resolve);
      for (; sent < 64 && !response.destroyed; sent++) {
        if (!response.write(Buffer.alloc(MIB)))
          await Promise.race([once(response, 'drain').catch(() => {}), cut]);
      }
      response.end();
    });
    expect(await outcomeOf(address, internet, { maxBytes: MIB })).toEqual(TOO_LARGE);
    await cut;
    expect(sent).toBeLessThan(64);
  });

  test('with fewer bytes than it declares is incomplete', async () => {
    await say('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n', 'half');
    expect(await outcomeOf(address, internet)).toEqual(INCOMPLETE);
  });

  test('in chunks without the last is incomplete', async () => {
    await say('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', '4\r\nhalf\r\n');
    expect(await outcomeOf(address, internet)).toEqual(INCOMPLETE);
  });

  test('that ends with its connection is whole where nothing else was declared', async () => {
    await say('HTTP/1.0 200 OK\r\n\r\n', 'picture');
    expect(await outcomeOf(address, internet)).toBe('picture');
  });

  test.each(['', 'Connection: close\r\n'])(
    'with bytes behind its end is what was declared (%j)',
    async (more) => {
      await say(
        `HTTP/1.1 200 OK\r\n${more}Content-Length: 7\r\n\r\n`,
        'picture',
        'HTTP/1.1 200 OK\r\n\r\nother',
      );
      expect(await outcomeOf(address, internet)).toBe('picture');
    },
  );

  test('with both kinds of length is not believed', async () => {
    await say(
      'HTTP/1.1 200 OK\r\nContent-Length: 7\r\nTransfer-Encoding: chunked\r\n\r\n',
      '7\r\npicture\r\n0\r\n\r\n',
    );
    expect(await outcomeOf(address, internet)).toEqual([502, 'source-unreachable']);
  });
});

describe('U13: a compressed body', () => {
  const bomb = Buffer.alloc(64 * MIB);
  const codings = [
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ] as const;

  function compressed(coding: string, body: Buffer): Promise<void> {
    return internet.site((_request, response) =>
      response.writeHead(200, { 'content-encoding': coding, 'content-length': body.length }).end(body),
    );
  }

  test.each(codings)('(%s) is what it was before', async (coding, compress) => {
    await compressed(coding, compress(Buffer.from('picture')));
    expect(await outcomeOf(address, internet)).toBe('picture');
  });

  test.each(codings)('(%s) counts with its decoded size', async (coding, compress) => {
    const body = compress(bomb);
    await compressed(coding, body);
    expect(await outcomeOf(address, internet, { maxBytes: MIB })).toEqual(TOO_LARGE);
    expect(body.length).toBeLessThan(MIB);
  });

  test.each(codings)('(%s) that is cut or garbled is incomplete', async (coding, compress) => {
    const body = compress(Buffer.from('picture'.repeat(100)));
    await compressed(coding, body.subarray(0, body.length - 4));
    expect(await outcomeOf(address, internet)).toEqual(INCOMPLETE);
    await compressed(coding, Buffer.from('picture'));
    expect(await outcomeOf(address, internet)).toEqual(INCOMPLETE);
  });

  test.each(['zstd', 'gzip, gzip', 'compress'])('(%s) of another kind is refused', async (coding) => {
    await compressed(coding, Buffer.from('picture'));
    expect(await outcomeOf(address, internet)).toEqual([422, 'source-error']);
  });
});
