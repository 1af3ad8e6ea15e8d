import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { INTERNET, resolveWith } from '../../../core/fetch/network.ts';
import { type NameServer, startNameServer } from './name-server.ts';
import { outcomeOf } from './outcome.ts';

const never = new AbortController().signal;
const loopback6 = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];

describe('names', () => {
  let names: NameServer;

  beforeAll(async () => {
    names = await startNameServer({
      'both.example': [[93, 184, 216, 34], [93, 184, 216, 35], loopback6],
      'four.example': [[10, 0, 0, 1]],
      'six.example': [loopback6],
      'none.example': [],
      'broken.example': 'servfail',
      'silent.example': 'silence',
    });
  });
  afterAll(() => names.close());

  test('mean all of their addresses, of both kinds', async () => {
    const resolve = resolveWith([names.address]);
    expect([...(await resolve('both.example', never))].sort()).toEqual([
      '93.184.216.34',
      '93.184.216.35',
      '::1',
    ]);
    expect(await resolve('four.example', never)).toEqual(['10.0.0.1']);
    expect(await resolve('six.example', never)).toEqual(['::1']);
  });

  test.each([
    ['U16', 'nowhere.example', [502, 'source-unreachable']],
    ['U16', 'broken.example', [502, 'source-unreachable']],
    ['U16', 'none.example', [502, 'source-unreachable']],
    ['U7', 'four.example', [403, 'source-not-allowed']],
    ['U7', 'six.example', [403, 'source-not-allowed']],
    ['U7', 'both.example', [403, 'source-not-allowed']],
  ])('%s: %s is answered', async (_row, name, expected) => {
    const network = { ...INTERNET, resolve: resolveWith([names.address]) };
    expect(await outcomeOf(`http://${name}/`, { network })).toEqual(expected);
  });

  test('U14: are no longer asked for when time is up', async () => {
    const caller = new AbortController();
    const resolving = resolveWith([names.address])('silent.example', caller.signal);
    await names.questioned;
    caller.abort();
    await expect(resolving).rejects.toMatchObject({ code: 'ECANCELLED' });
    await expect(resolveWith([names.address])('four.example', caller.signal)).rejects.toThrow('aborted');
  });
});

describe('connections', () => {
  test('U8: go to the address that is given, and to the next where that takes none', async () => {
    const server = createServer((socket) => socket.end('here'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    // Where there is no IPv6, that address takes no connection either.
    for (const addresses of [['127.0.0.1'], ['::1', '127.0.0.1']]) {
      const socket = connect(INTERNET.connectOptions(addresses, port));
      expect(await text(socket)).toBe('here');
    }
    await once(server.close(), 'close');
  });

  test('U8: are never led by the name', () => {
    const { host } = INTERNET.connectOptions(['93.184.216.34'], 443);
    expect(host).toBe('pinned.invalid');
  });
});
