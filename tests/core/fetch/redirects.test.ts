import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Internet, PUBLIC, startInternet } from './internet.ts';
import { outcomeOf, problemOf } from './outcome.ts';

const REFUSED = [403, 'source-not-allowed'];
const FAILED = [502, 'source-unavailable'];

let internet: Internet;
/** Where a path redirects to; any other path is the picture. */
let redirects: Map<string, string | null>;
/** Path and headers of each request. */
let requests: { readonly path: string; readonly headers: NodeJS.Dict<string | string[]> }[];

beforeEach(async () => {
  internet = await startInternet();
  redirects = new Map();
  requests = [];
  await internet.site(({ url = '', headers }, response) => {
    requests.push({ path: url, headers });
    const location = redirects.get(url);
    if (location === undefined) response.end('picture');
    else response.writeHead(302, { 'set-cookie': 'a=b', ...(location === null ? {} : { location }) }).end();
  });
  internet.name('photos.example', [PUBLIC]);
  internet.name('cdn.example', [PUBLIC]);
  internet.name('inside.example', ['10.0.0.1']);
});
afterEach(async () => {
  const { intrusions } = internet;
  await internet.close();
  expect(intrusions).toBe(0);
});

const start = 'http://photos.example/start?sig=secret';

function redirect(location: string | null): void {
  redirects.set('/start?sig=secret', location);
}

describe('U9: a redirect', () => {
  test.each([
    'http://cdn.example/a.jpg',
    '//cdn.example/a.jpg',
    '/a.jpg',
    'a.jpg',
    'http://photos.example:80/a.jpg',
  ])('to %s is followed', async (location) => {
    redirect(location);
    expect(await outcomeOf(start, internet)).toBe('picture');
    expect(requests.map(({ path }) => path)).toEqual(['/start?sig=secret', '/a.jpg']);
  });

  test.each([
    ...['http://127.0.0.1/', 'http://inside.example/', 'http://169.254.169.254/latest', 'http://[::1]/'],
    ...['//localhost/', 'http://2130706433/', 'http://photos.example:8080/', 'https://photos.example:22/'],
    ...['file:///etc/passwd', 'ftp://cdn.example/a', 'data:,a', 'http://user:pass@cdn.example/', 'http://['],
  ])('to %s is refused', async (location) => {
    redirect(location);
    expect(await outcomeOf(start, internet)).toEqual(REFUSED);
    expect(internet.visited).toEqual([`${PUBLIC}:80`]);
  });

  test('from http to https inside is refused', async () => {
    await internet.secureSite(
      (_request, response) => response.writeHead(301, { location: 'https://inside.example/' }).end(),
      { host: 'photos.example' },
    );
    redirect('https://photos.example/');
    expect(await outcomeOf(start, internet)).toEqual(REFUSED);
    expect(internet.visited).toEqual([`${PUBLIC}:80`, `${PUBLIC}:443`]);
  });

  test('out of the allowed hosts, or to one of the program itself, is refused', async () => {
    redirect('http://cdn.example/a.jpg');
    expect(await outcomeOf(start, internet, { allowedHosts: ['photos.example'] })).toEqual(REFUSED);
    expect(await outcomeOf(start, internet, { ownHosts: ['cdn.example'] })).toEqual(REFUSED);
    expect(internet.asked).toEqual(['photos.example', 'photos.example']);
  });

  test('to itself ends', async () => {
    redirect('/start?sig=secret');
    expect(await outcomeOf(start, internet)).toEqual(FAILED);
    expect(requests).toHaveLength(4);
  });

  test('is followed three times, and not a fourth time', async () => {
    redirect('/1');
    redirects.set('/1', '/2').set('/2', '/3');
    expect(await outcomeOf(start, internet)).toBe('picture');
    redirects.set('/3', '/4');
    expect(await outcomeOf(start, internet)).toEqual(FAILED);
    expect(requests.map(({ path }) => path)).not.toContain('/4');
  });

  test('without an address fails, and the problem says so', async () => {
    redirect(null);
    const { code, detail } = await problemOf(start, internet);
    expect([code, detail]).toEqual(['source-unavailable', 'The source redirects without saying where to.']);
  });

  test('takes along neither cookies nor the address before it', async () => {
    redirect('http://cdn.example/a.jpg');
    await outcomeOf(start, internet);
    const { path, headers } = requests[1] ?? {};
    expect([path, headers]).toEqual([
      '/a.jpg',
      {
        accept: 'image/*',
        'accept-encoding': 'identity',
        'user-agent': expect.stringMatching(/^prompt-generator\//),
        host: 'cdn.example',
        connection: 'close',
      },
    ]);
  });
});
