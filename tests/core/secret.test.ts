import { describe, expect, test } from '@jest/globals';
import { Secret } from '../../core/secret.ts';

/** A secret with a clock and a store of its own. */
function scripted({ maxAge }: { maxAge?: number } = {}) {
  const at = { now: 0, reads: 0, value: 'first' as string | null | Error };
  const secret = new Secret({
    async read() {
      at.reads++;
      if (at.value instanceof Error) throw at.value;
      return at.value;
    },
    now: () => at.now,
    ...(maxAge !== undefined && { maxAge }),
  });
  return { at, secret };
}

describe('A secret', () => {
  test('is read when it is needed, and once for all who wait for it', async () => {
    const { at, secret } = scripted();
    expect(at.reads).toBe(0);
    expect(await Promise.all([secret.value(), secret.value()])).toEqual(['first', 'first']);
    at.now = 1e12;
    await secret.value();
    expect(at.reads).toBe(1);
  });

  test('that is missing is not asked for again and again', async () => {
    const { at, secret } = scripted();
    at.value = null;
    expect([await secret.value(), await secret.value()]).toEqual([null, null]);
    expect(at.reads).toBe(1);
  });

  test('with an age is read anew when it has that age', async () => {
    const { at, secret } = scripted({ maxAge: 300_000 });
    await secret.value();
    at.value = 'second';
    at.now = 299_999;
    expect(await secret.value()).toBe('first');
    at.now = 300_000;
    expect(await secret.value()).toBe('second');
    expect(at.reads).toBe(2);
  });

  test('that cannot be read at all is a failure each time; one that was known stays in use', async () => {
    const { at, secret } = scripted({ maxAge: 300_000 });
    at.value = new Error('the vault is away');
    await expect(secret.value()).rejects.toBe(at.value);
    at.value = 'first';
    await secret.value();
    at.value = new Error('the vault is away');
    at.now = 300_000;
    expect([await secret.value(), await secret.value()]).toEqual(['first', 'first']);
    expect(at.reads).toBe(3);
  });
});

describe('A secret that was refused', () => {
  test('is read anew at once, and then at most once a minute', async () => {
    const { at, secret } = scripted();
    await secret.value();
    at.value = 'second';
    await Promise.all([secret.refresh(), secret.refresh()]);
    expect([await secret.value(), at.reads]).toEqual(['second', 2]);
    at.value = 'third';
    at.now = 59_999;
    await secret.refresh();
    expect([await secret.value(), at.reads]).toEqual(['second', 2]);
    at.now = 60_000;
    await secret.refresh();
    expect([await secret.value(), at.reads]).toEqual(['third', 3]);
  });

  test('tells whoever refreshes it that it cannot be read', async () => {
    const { at, secret } = scripted();
    await secret.value();
    at.value = new Error('the vault is away');
    await expect(secret.refresh()).rejects.toBe(at.value);
    expect(await secret.value()).toBe('first');
  });
});
