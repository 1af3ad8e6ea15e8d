import { beforeEach, describe, expect, test } from '@jest/globals';
import { FailedError, RefusedError } from '../../../../core/errors.ts';
import { LEASE_MS } from '../../../../core/housekeeping/lease.ts';
import type { Queue } from '../../../../core/queue/queue.ts';
import type { Blobs } from '../../../../core/store/blobs.ts';
import { promptName } from '../../../../core/store/names.ts';
import { writePrompt } from '../../../../core/store/prompts.ts';
import { faultyBlobs } from '../../../memory/faults.ts';
import { House, inPages, over, PROMPT_LABELS } from '../swept.ts';

let house: House;
beforeEach(() => {
  house = new House();
});

const dropped = ['1.jpg', '2.jpg', '3.jpg', '4.jpg'];
const drop = async () => {
  for (const name of dropped) await house.drop(name);
};
const queued = async () => (await house.take()).map(({ name }) => name);

/** Pages of one blob, of which the n-th waits until it is let go. */
function stuckAt(page: number): { readonly blobs: Blobs; reached: Promise<void>; go: () => void } {
  const reached = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  const paged = inPages(house.blobs, 1);
  let pages = 0;
  const blobs = over(paged, {
    async page(options) {
      if (++pages === page) {
        reached.resolve();
        await gate.promise;
      }
      return paged.page(options);
    },
  });
  return { blobs, reached: reached.promise, go: gate.resolve };
}

describe('T1: the timer fires twice', () => {
  test('and of two runs at once one works, the other finds it busy', async () => {
    await drop();
    const reports = await Promise.all([house.sweep(), house.sweep()]);
    expect(reports.map(({ status }) => status).sort()).toEqual(['busy', 'done']);
    expect(await queued()).toEqual(dropped);
  });

  test('and a run that is still at it keeps the other off, however long it takes', async () => {
    await drop();
    const { blobs, reached, go } = stuckAt(2);
    const first = house.sweep({ blobs });
    await reached;
    house.clock.advance(LEASE_MS - 1_000);
    expect(await house.sweep()).toMatchObject({ status: 'busy', pages: 0 });
    go();
    expect(await first).toMatchObject({ status: 'done', queued: 4 });
    expect(await queued()).toEqual(dropped);
  });

  test('and it keeps it off although a page takes longer than the lease', async () => {
    for (let i = 0; i < 100; i++) await house.drop(`${i}.jpg`);
    const others: string[] = [];
    let sent = 0;
    const events: Queue = Object.assign(Object.create(house.events), {
      async send() {
        house.clock.advance(3_000);
        if (++sent % 20 === 0) others.push((await house.sweep()).status);
      },
      length: async () => 0,
    });
    expect(await house.sweep({ events })).toMatchObject({ status: 'done', queued: 100 });
    expect(others).toEqual(['busy', 'busy', 'busy', 'busy', 'busy']);
  });

  test('and a run that slept until its lease was over stops at once, without undoing the other', async () => {
    await drop();
    const { blobs, reached, go } = stuckAt(2);
    const zombie = house.sweep({ blobs });
    await reached;
    house.clock.advance(LEASE_MS + 1_000);
    expect(await house.sweep()).toMatchObject({ status: 'done', images: 4, queued: 4 });
    go();
    expect(await zombie).toMatchObject({ status: 'stopped' });
    house.clock.advance(1_000);
    expect(await house.sweep()).toMatchObject({ status: 'done', images: 4 });
  });

  test('and one after the other removes and queues nothing more that matters', async () => {
    await writePrompt(
      house.blobs,
      'gone.jpg',
      {},
      { ...PROMPT_LABELS, sourceEtag: 'x' },
      { condition: 'new' },
    );
    await house.drop('cat.jpg');
    const first = await house.sweep();
    const second = await house.sweep();
    expect(first).toMatchObject({ orphansRemoved: 1, queued: 1 });
    expect(second).toEqual({ ...first, orphansRemoved: 0 });
  });

  test('and the wall clock of a machine has no say in it', async () => {
    await drop();
    const { blobs, reached, go } = stuckAt(2);
    const first = house.sweep({ blobs });
    await reached;
    house.clock.set(24 * 60 * 60_000);
    expect(await house.sweep()).toMatchObject({ status: 'busy' });
    go();
    expect(await first).toMatchObject({ status: 'done' });
  });

  test('and a lease whose answer was lost is one’s own all the same', async () => {
    await drop();
    const state = faultyBlobs(house.state, ({ operation }) => (operation === 'write' ? 'repeated' : 'ok'));
    expect(await house.sweep({ state, blobs: inPages(house.blobs, 1) })).toMatchObject({
      ...{ status: 'done', queued: 4 },
    });
  });
});

describe('a run that was cut', () => {
  // An image on one page and its prompt on another, with images in between that begin with its name.
  const names = ['cat.jpg', 'cat.jpg-2.jpg', 'cat.jpg-2.jpg-3.jpg', 'dog.jpg'];
  const describeAll = async () => {
    for (const name of names) {
      const labels = { ...PROMPT_LABELS, sourceEtag: await house.drop(name) };
      await writePrompt(house.blobs, name, {}, labels, { condition: 'new' });
    }
  };

  test.each([1, 2, 3, 4, 5, 6, 7])(
    'by its signal after page %i is gone on with by the next one',
    async (page) => {
      await describeAll();
      await house.drop('a.jpg');
      await house.drop('z.jpg');
      const stop = new AbortController();
      const paged = inPages(house.blobs, 1);
      let pages = 0;
      const blobs = over(paged, {
        async page(options) {
          const found = await paged.page(options);
          if (++pages === page) stop.abort();
          return found;
        },
      });
      const first = await house.sweep({ blobs, signal: stop.signal });
      const second = await house.sweep({ blobs: paged });
      expect(first).toMatchObject({ status: 'stopped' });
      expect(second).toMatchObject({ status: 'done' });
      expect(new Set(await queued())).toEqual(new Set(['a.jpg', 'z.jpg']));
      expect(first.images + second.images).toBe(6);
      expect(first.orphansRemoved + second.orphansRemoved).toBe(0);
      // And the one after that begins at the beginning.
      expect(await house.sweep()).toMatchObject({ status: 'done', images: 6, queued: 2 });
    },
  );

  test.each([1, 3, 5, 7, 9])(
    'by a kill at its %i. call of storage is gone on with as soon as it is known to be dead',
    async (call) => {
      await describeAll();
      await house.drop('z.jpg');
      const died = Promise.withResolvers<void>();
      let calls = 0;
      const blobs = faultyBlobs(inPages(house.blobs, 1), () => {
        if (++calls !== call) return 'ok';
        died.resolve();
        return 'dies-after';
      });
      void house.sweep({ blobs });
      await died.promise;
      expect(await house.sweep()).toMatchObject({ status: 'busy' });
      house.clock.advance(LEASE_MS + 1_000);
      const next = await house.sweep({ blobs: inPages(house.blobs, 1) });
      expect(next).toMatchObject({ status: 'done', orphansRemoved: 0 });
      expect(new Set(await queued())).toEqual(new Set(['z.jpg']));
      expect(await house.blobs.head(promptName('cat.jpg'))).not.toBeNull();
    },
  );

  test('begins anew where storage does not know its marker any more', async () => {
    await drop();
    await cutAfterOnePage();
    const blobs = over(house.blobs, {
      async page(options) {
        if (options.marker !== undefined) throw new RefusedError('invalid-request');
        return house.blobs.page(options);
      },
    });
    expect(await house.sweep({ blobs })).toMatchObject({ status: 'done', images: 4, queued: 4 });
  });

  test('begins anew where another part of the container is to be swept', async () => {
    await drop();
    await house.drop('3/1.jpg');
    await cutAfterOnePage();
    expect(await house.sweep({ prefix: '3' })).toMatchObject({ status: 'done', images: 2 });
  });

  test('goes on from its last page where storage failed, and begins anew where it never gets on', async () => {
    await drop();
    const failing = (bad: string) => {
      const paged = inPages(house.blobs, 1);
      return over(paged, {
        async page(options) {
          if (options.marker === bad) throw new FailedError('storage-unavailable');
          return paged.page(options);
        },
      });
    };
    await expect(house.sweep({ blobs: failing('3.jpg') })).rejects.toThrow('storage-unavailable');
    await expect(house.sweep({ blobs: failing('3.jpg') })).rejects.toThrow('storage-unavailable');
    expect(await house.sweep()).toMatchObject({ status: 'done', images: 4 });
  });

  async function cutAfterOnePage(): Promise<void> {
    const stop = new AbortController();
    const paged = inPages(house.blobs, 1);
    let pages = 0;
    const blobs = over(paged, {
      async page(options) {
        if (++pages === 3) stop.abort();
        return paged.page(options);
      },
    });
    expect(await house.sweep({ blobs, signal: stop.signal })).toMatchObject({ status: 'stopped' });
    await house.take();
  }
});

test('a run that is not to begin any more leaves everything alone', async () => {
  await drop();
  expect(await house.sweep({ signal: AbortSignal.abort() })).toMatchObject({ status: 'stopped', pages: 0 });
  expect((await house.state.page({ size: 9 })).blobs).toEqual([]);
});
