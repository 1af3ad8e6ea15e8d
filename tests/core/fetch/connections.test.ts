import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { CLOSED, type Internet, PUBLIC, startInternet } from './internet.ts';
import { outcomeOf } from './outcome.ts';

const UNREACHABLE = [502, 'source-unreachable'];
const LATE = [504, 'source-timeout'];
const address = 'http://photos.example/a.jpg';

let internet: Internet;

beforeEach(async () => {
  internet = await startInternet();
  internet.name('photos.example', [PUBLIC]);
});
afterEach(async () => {
  const { intrusions } = internet;
  await internet.close();
  expect(intrusions).toBe(0);
});

describe('U14: a source that takes too long', () => {
  const deadlineMs = 200;

  test('to say what its name means', async () => {
    const network = { ...internet.network, resolve: untilAborted };
    expect(await outcomeOf(address, { network }, { deadlineMs })).toEqual(LATE);
  });

  test('to take the connection', async () => {
    const network: Internet['network'] = {
      ...internet.network,
      connectOptions: () => ({ host: 'hanging.invalid', port: 80, lookup() {} }),
    };
    expect(await outcomeOf(address, { network }, { deadlineMs })).toEqual(LATE);
  });

  test('to say anything, encrypted or not', async () => {
    await internet.place(createServer());
    await internet.place(createServer(), 443);
    expect(await outcomeOf(address, internet, { deadlineMs })).toEqual(LATE);
    expect(await outcomeOf('https://photos.example/', internet, { deadlineMs })).toEqual(LATE);
  });

  test('with headers that never end', async () => {
    await internet.place(
      createServer((socket) => {
        socket.write('HTTP/1.1 200 OK\r\n');
        const timer = setInterval(() => socket.write('X: y\r\n'), 20);
        socket.once('close', () => clearInterval(timer));
      }),
    );
    expect(await outcomeOf(address, internet, { deadlineMs })).toEqual(LATE);
  });

  test('with a body that comes byte by byte, and it is cut off', async () => {
    const { promise: cut, resolve } = Promise.withResolvers<void>();
    await internet.site((_request, response) => {
      response.writeHead(200, { 'content-length': 1_000 });
      const timer = setInterval(() => response.write('a'), 20);
      response.once('close', () => {
        clearInterval(timer);
        resolve();
      });
    });
    expect(await outcomeOf(address, internet, { deadlineMs })).toEqual(LATE);
    await cut;
  });

  test('over several redirects, each of which is quick enough', async () => {
    await internet.site((_request, response) => {
      setTimeout(() => response.writeHead(302, { location: '/again' }).end(), 80);
    });
    expect(await outcomeOf(address, internet, { deadlineMs })).toEqual(LATE);
  });
});

test('whoever gives up gets the reason back, not a problem', async () => {
  await internet.place(createServer());
  const caller = new AbortController();
  const fetching = outcomeOf(address, internet, { signal: caller.signal });
  caller.abort(new Error('the client went away'));
  await expect(fetching).rejects.toThrow('the client went away');
});

describe('U14: a connection', () => {
  test('that is not taken', async () => {
    internet.name('closed.example', [CLOSED]);
    expect(await outcomeOf('http://closed.example/', internet)).toEqual(UNREACHABLE);
  });

  test('that is reset before the headers, or half way', async () => {
    await internet.site((_request, response) => response.socket?.resetAndDestroy());
    expect(await outcomeOf(address, internet)).toEqual(UNREACHABLE);
    await internet.site((_request, response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('half', () => response.socket?.resetAndDestroy());
    });
    expect(await outcomeOf(address, internet)).toEqual(UNREACHABLE);
  });

  test.each([
    ['ends without a word', ''],
    ['is no HTTP', 'SSH-2.0-OpenSSH_9.9\r\n'],
    ['wants another protocol', 'HTTP/1.1 101 Over\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'],
    ['has 64 KB of headers', `HTTP/1.1 200 OK\r\nX: ${'y'.repeat(65_536)}\r\n\r\n`],
  ])('that %s', async (_what, said) => {
    await internet.place(createServer((socket) => socket.once('data', () => socket.end(said))));
    expect(await outcomeOf(address, internet)).toEqual(UNREACHABLE);
  });
});

test.each([
  ['interim answers', '', 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'],
  ['headers', 'HTTP/1.1 200 OK\r\n', 'X: y\r\n'],
  ['trailers', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n', 'X: y\r\n'],
  ['chunk extensions', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1', ';x=yyyyyyyyyy'],
])('U14: a connection with endless %s ends long before the deadline', async (_what, begin, rest) => {
  const { promise: cut, resolve } = Promise.withResolvers<void>();
  await internet.place(
    createServer((socket) => {
      const flood = () => {
        while (socket.writable && socket.write(rest.repeat(1_000)));
      };
      socket.on('drain', flood).once('close', resolve);
      socket.once('data', () => {
        socket.write(begin);
        flood();
      });
    }),
  );
  expect(await outcomeOf(address, internet, { deadlineMs: 60_000 })).toEqual(UNREACHABLE);
  await cut;
});

test('U14: the interim answers that servers send do not matter', async () => {
  const interim = 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n';
  const said = `${interim}HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\npicture`;
  await internet.place(createServer((socket) => socket.once('data', () => socket.end(said))));
  expect(await outcomeOf(address, internet)).toBe('picture');
});

describe('U14: an encrypted connection', () => {
  const secure = 'https://photos.example/a.jpg';
  const picture = (_request: unknown, response: { end(text: string): unknown }) => response.end('picture');

  test('proves the name in the address, whichever address was connected to', async () => {
    await internet.secureSite(picture, { host: 'photos.example' });
    expect(await outcomeOf(secure, internet)).toBe('picture');
    internet.name('photos.example.', [PUBLIC]);
    expect(await outcomeOf('https://photos.example./a.jpg', internet)).toBe('picture');
    internet.name('other.example', [PUBLIC]);
    expect(await outcomeOf('https://other.example/a.jpg', internet)).toEqual(UNREACHABLE);
    expect(await outcomeOf(`https://${PUBLIC}/a.jpg`, internet)).toEqual(UNREACHABLE);
  });

  test('with an expired certificate is refused', async () => {
    await internet.secureSite(picture, { host: 'photos.example', days: -1 });
    expect(await outcomeOf(secure, internet)).toEqual(UNREACHABLE);
  });

  test('with a certificate of nobody we trust is refused', async () => {
    await internet.secureSite(picture, { host: 'photos.example' });
    const { resolve, connectOptions } = internet.network;
    const network: Internet['network'] = {
      resolve,
      connectOptions: (addresses, port) => ({ ...connectOptions(addresses, port), ca: [] }),
    };
    expect(await outcomeOf(secure, { network })).toEqual(UNREACHABLE);
  });
});

test('U17: a proxy of the environment is not used', async () => {
  let visits = 0;
  const proxy = createServer((socket) => {
    visits++;
    socket.destroy();
  });
  await internet.place(proxy);
  const { port } = internet.network.connectOptions([PUBLIC], 80);
  const url = `http://127.0.0.1:${port}`;
  const child = fileURLToPath(new URL('./proxied.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [child], {
    env: {
      ...process.env,
      NODE_USE_ENV_PROXY: '1',
      HTTP_PROXY: url,
      http_proxy: url,
      NO_PROXY: '',
      no_proxy: '',
    },
    timeout: 20_000,
  });
  expect([stdout, visits]).toEqual(['picture', 0]);
});

function untilAborted(_hostname: string, signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  return promise;
}
