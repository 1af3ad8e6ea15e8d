import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { CLOSED, type Internet, PUBLIC, startInternet } from './internet.ts';
import { outcomeOf, problemOf } from './outcome.ts';

const INVALID = [400, 'invalid-url'];
const REFUSED = [403, 'source-not-allowed'];
const OTHER = '93.184.216.35';

let internet: Internet;

beforeEach(async () => {
  internet = await startInternet();
  await internet.site((_request, response) => response.end('picture'));
  internet.name('photos.example', [PUBLIC]);
});
afterEach(async () => {
  const { intrusions } = internet;
  await internet.close();
  expect(intrusions).toBe(0);
});

test('an image of a public host is fetched, by its name or by its address', async () => {
  expect(await outcomeOf('http://photos.example/a.jpg', internet)).toBe('picture');
  expect(await outcomeOf(`http://${PUBLIC}/a.jpg`, internet)).toBe('picture');
  expect(internet.visited).toEqual([`${PUBLIC}:80`, `${PUBLIC}:80`]);
});

describe('U1: an address that is not of the web is invalid', () => {
  test.each([
    ...[
      'file:///etc/passwd',
      'ftp://photos.example/a',
      'data:image/png;base64,AA',
      'gopher://photos.example',
    ],
    ...['blob:http://photos.example/1', 'javascript:alert(1)', 'photos.example/a.jpg', '//photos.example/a'],
    ...['http://user:pass@photos.example/', 'http://user@photos.example/', 'http://', 'http://[::1', ''],
    ...['http://photos.example@127.0.0.1/', 'http://256.256.256.256/', 'http://127.0.0.1.5/'],
  ])('%j', async (url) => {
    expect(await outcomeOf(url, internet)).toEqual(INVALID);
    expect(internet.visited).toEqual([]);
  });
});

describe('U2, U3: this machine is refused in every notation', () => {
  test.each([
    ...['127.0.0.1', 'localhost', 'localhost.', 'LOCALHOST', 'a.localhost', '0', '0.0.0.0', '[::1]', '[::]'],
    ...[
      '0x7f.1',
      '2130706433',
      '017700000001',
      '127.1',
      '①②⑦.0.0.1',
      '127。0。0。1',
      '00000177.1',
      '127.0.0.1.',
    ],
    '%31%32%37.0.0.1',
  ])('%s', async (host) => {
    // Not by luck: whoever believes a resolver would be led to the public address.
    for (const name of ['localhost', 'localhost.', 'a.localhost']) internet.name(name, [PUBLIC]);
    expect(await outcomeOf(`http://${host}/`, internet)).toEqual(REFUSED);
    expect(await outcomeOf(`https://${host}/`, internet)).toEqual(REFUSED);
    expect(internet.visited).toEqual([]);
  });
});

describe('U4, U5, U6: an address inside is refused, as a literal and as the meaning of a name', () => {
  test.each([
    ...['10.0.0.1', '172.16.0.1', '192.168.0.1', '100.64.0.1', '198.18.0.1', '192.0.0.1', '224.0.0.1'],
    ...['240.0.0.1', '255.255.255.255', '169.254.169.254', '168.63.129.16', '169.254.254.1'],
    ...['::ffff:127.0.0.1', '::127.0.0.1', '64:ff9b::7f00:1', '64:ff9b:1::1', '2002:7f00:1::', '2001:0:1::1'],
    ...['2606:4700::5efe:7f00:1', 'fc00::1', 'fe80::1', 'fec0::1', '2001:db8::1', '100::1', '5f00::1'],
  ])('%s', async (address) => {
    internet.name('inside.example', [address]);
    const literal = address.includes(':') ? `[${address}]` : address;
    expect(await outcomeOf(`http://${literal}/latest/meta-data`, internet)).toEqual(REFUSED);
    expect(await outcomeOf('http://inside.example/', internet)).toEqual(REFUSED);
    expect(internet.visited).toEqual([]);
  });

  test('U5: so is a host of the program itself, wherever it stands', async () => {
    const ownHosts = ['photos.example', 'account.blob.example'];
    internet.name('account.blob.example', [PUBLIC]);
    internet.name('PHOTOS.example.', [PUBLIC]);
    for (const host of [...ownHosts, 'PHOTOS.example', 'photos.example.']) {
      expect(await outcomeOf(`http://${host}/`, internet, { ownHosts })).toEqual(REFUSED);
    }
    expect(internet.asked).toEqual([]);
  });
});

describe('U7: every meaning of a name must be public', () => {
  test.each([
    ['one private', ['10.0.0.1']],
    ['a public and a private one', [PUBLIC, '10.0.0.1']],
    ['a private and a public one', ['127.0.0.1', PUBLIC]],
    ['a public one and a private one of the other kind', [PUBLIC, 'fd00::1']],
    ['only a private IPv6 one', ['fd00::1']],
  ])('%s', async (_what, addresses) => {
    internet.name('mixed.example', addresses);
    expect(await outcomeOf('http://mixed.example/', internet)).toEqual(REFUSED);
    expect(internet.visited).toEqual([]);
  });
});

describe('U8: a name that changes its meaning', () => {
  test('is asked once, and what was checked is what is connected to', async () => {
    internet.name('rebind.example', [PUBLIC], ['127.0.0.1']);
    expect(await outcomeOf('http://rebind.example/', internet)).toBe('picture');
    expect([internet.asked, internet.visited]).toEqual([['rebind.example'], [`${PUBLIC}:80`]]);
  });

  test('is checked again when a redirect leads to it again', async () => {
    await internet.site((_request, response) => response.writeHead(302, { location: '/again' }).end(), OTHER);
    internet.name('rebind.example', [OTHER], ['127.0.0.1']);
    expect(await outcomeOf('http://rebind.example/', internet)).toEqual(REFUSED);
    expect(internet.visited).toEqual([`${OTHER}:80`]);
  });
});

test.each([22, 25, 6379, 8080, 10_000])('U10: port %i is refused', async (port) => {
  expect(await outcomeOf(`http://photos.example:${port}/`, internet)).toEqual(REFUSED);
  expect(internet.asked).toEqual([]);
});

test.each(['http://photos.example:80/', 'http://photos.example:0080/'])(
  'U10: %s is the usual port',
  async (url) => {
    expect(await outcomeOf(url, internet)).toBe('picture');
  },
);

describe('U15', () => {
  test('an address of 8 KB is invalid, and a long one is not', async () => {
    expect(await outcomeOf(`http://photos.example/${'a'.repeat(8_192)}`, internet)).toEqual(INVALID);
    expect(await outcomeOf(`http://photos.example/${'a'.repeat(4_000)}`, internet)).toBe('picture');
  });

  test.each([
    'http://photos.example/\r\nX-Injected: 1',
    'http://pho\ntos.example/',
    'http://photos.example/\0',
  ])('a control character is invalid: %j', async (url) => {
    expect(await outcomeOf(url, internet)).toEqual(INVALID);
  });

  test('an international name is asked for in its ASCII form, a homograph as the other name it is', async () => {
    internet.name('xn--bcher-kva.example', [PUBLIC]);
    expect(await outcomeOf('http://Bücher.example/', internet)).toBe('picture');
    // The o is Cyrillic.
    const homograph = 'http://ph\u043etos.example/';
    expect(await outcomeOf(homograph, internet, { allowedHosts: ['photos.example'] })).toEqual(REFUSED);
    expect(await outcomeOf(homograph, internet)).toEqual([502, 'source-unreachable']);
    expect(internet.asked).toEqual(['xn--bcher-kva.example', expect.stringMatching(/^xn--ph/)]);
  });
});

describe('allowed hosts', () => {
  const allowedHosts = ['photos.example', '*.cdn.example'];
  test.each([
    ['photos.example', true],
    ['photos.example.', true],
    ['a.cdn.example', true],
    ['a.b.cdn.example', true],
    ['cdn.example', false],
    ['evilcdn.example', false],
    ['photos.example.evil.example', false],
    ['other.example', false],
  ])('%s: %s', async (host, isAllowed) => {
    internet.name(host, [PUBLIC]);
    expect(await outcomeOf(`http://${host}/`, internet, { allowedHosts })).toEqual(
      isAllowed ? 'picture' : REFUSED,
    );
    expect(internet.asked).toEqual(isAllowed ? [host] : []);
  });

  test('narrow and never widen', async () => {
    internet.name('inside.example', ['10.0.0.1']);
    for (const host of ['inside.example', 'localhost', '127.0.0.1']) {
      const options = { allowedHosts: [host] };
      expect(await outcomeOf(`http://${host}/`, internet, options)).toEqual(REFUSED);
    }
  });
});

test('U16: what is hidden, what is not there and what takes no connection are told in the same words', async () => {
  internet.name('inside.example', ['10.0.0.1']);
  internet.name('closed.example', [CLOSED]);
  const urls = ['inside', 'nowhere', 'closed'].map((name) => `http://${name}.example/a?sig=secret`);
  const problems = await Promise.all(urls.map((url) => problemOf(url, internet)));
  expect(problems.map(({ code }) => code)).toEqual([
    'source-not-allowed',
    'source-unreachable',
    'source-unreachable',
  ]);
  expect(new Set(problems.map(({ kind, detail }) => `${kind.title} ${detail}`)).size).toBe(1);
  expect(problems.map((problem) => String(problem)).join()).not.toMatch(/10\.0\.0\.1|ENOTFOUND/);
  expect(inspect(problems, { depth: 10 })).not.toContain('secret');
});
