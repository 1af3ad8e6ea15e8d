import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readBytes } from '../../core/api/bodies/body.ts';
import { CollectedBytes } from '../../core/collected-bytes.ts';

const MIB = 1024 * 1024;

test('bytes that are collected are those that were added, in their order', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 40_000 })), (pieces) => {
      const all = Buffer.concat(pieces);
      const collected = new CollectedBytes(all.length);
      for (const piece of pieces) collected.add(piece);
      expect(collected.bytes.equals(all)).toBe(true);
    }),
  );
});

test('bytes that were cleared are gone, and others may follow', () => {
  const collected = new CollectedBytes(10);
  collected.add(Buffer.from('before'));
  collected.clear();
  collected.add(Buffer.from('after'));
  expect(collected.bytes.toString()).toBe('after');
});

test('no more is held than may be added, whatever was guessed', () => {
  const collected = new CollectedBytes(MIB + 1);
  collected.add(Buffer.alloc(MIB));
  collected.add(Buffer.alloc(1));
  expect(collected.bytes.buffer.byteLength).toBe(MIB + 1);
});

test('a body that comes byte by byte takes no more memory than its bytes', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage: () => void = runInNewContext('gc');
  const pieces = 400_000;
  let sent = 0;
  let held = 0;
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      controller.enqueue(new Uint8Array(1));
      if (++sent < pieces) return;
      collectGarbage();
      held = process.memoryUsage().heapUsed - before;
      controller.close();
    },
  });
  // The type does not know of streams as bodies, which need this.
  const init = { method: 'POST', body, duplex: 'half' } as RequestInit;
  const read = await readBytes(new Request('http://localhost/', init), { maxBytes: MIB, drain: false });
  expect(read.byteLength).toBe(pieces);
  expect(held).toBeLessThan(10 * MIB);
});
