import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { clientAddress } from '../../../../core/api/guards/client.ts';

const peer = '192.0.2.1';

describe("a client's address", () => {
  test('is the one at the other end of the socket where no proxy is trusted, whatever a header says', () => {
    expect(clientAddress({ peer }, '203.0.113.9', 0)).toBe(peer);
  });

  test('is what the outermost trusted proxy was called from', () => {
    const forwarded = '198.51.100.66, 203.0.113.9, 10.0.0.2';
    expect(clientAddress({ peer }, forwarded, 1)).toBe('10.0.0.2');
    expect(clientAddress({ peer }, forwarded, 2)).toBe('203.0.113.9');
  });

  test('is never what a client puts in front of what the proxies write', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.ipV4(), fc.ipV6(), fc.string())), (invented) => {
        const forwarded = [...invented, '203.0.113.9', '10.0.0.2'].join(',');
        expect(clientAddress({ peer }, forwarded, 2)).toBe('203.0.113.9');
      }),
    );
  });

  test("is the socket's where the header has fewer entries than proxies, or none that is an address", () => {
    expect(clientAddress({ peer }, '203.0.113.9', 2)).toBe(peer);
    expect(clientAddress({ peer }, undefined, 1)).toBe(peer);
    expect(clientAddress({ peer }, 'unknown', 1)).toBe(peer);
    expect(clientAddress({}, '', 1)).toBeNull();
  });

  test("is read without the port that Azure's front ends write behind it", () => {
    expect(clientAddress({}, '203.0.113.9:51234', 1)).toBe('203.0.113.9');
    expect(clientAddress({}, '[2001:db8:1:2:3::9]:51234', 1)).toBe('2001:db8:1:2::');
  });

  test('is one for a whole network of IPv6, and for an IPv4 address in either notation', () => {
    expect(clientAddress({ peer: '2001:db8:1:2:ffff::1' }, undefined, 0)).toBe('2001:db8:1:2::');
    expect(clientAddress({ peer: '2001:db8:1:2::1' }, undefined, 0)).toBe('2001:db8:1:2::');
    expect(clientAddress({ peer: '::ffff:192.0.2.1' }, undefined, 0)).toBe(peer);
    expect(clientAddress({ peer: 'fe80::1%eth0' }, undefined, 0)).toBe('fe80::');
  });

  test.each(['fe80::1%a-b', 'fe80::1%a.b', '[fe80::1%25eth0.1]:80'])('is read from %s', (entry) => {
    expect(clientAddress({ peer }, entry, 1)).toBe('fe80::');
  });
});
