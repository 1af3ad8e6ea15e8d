import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import pLimit from 'p-limit';
import { describeImage } from '../../../core/describe/describe-image.ts';
import { promptName } from '../../../core/store/names.ts';
import { startAzurite } from '../../azurite.ts';
import { onlyOnce } from '../../crash/only-once.ts';
import { type Member, type Site, startSite } from '../../crash/site.ts';
import { photo } from '../../fixtures/images/photo.ts';
import { AMPLE_MS } from '../../until.ts';

/** Images that change, or go, before and while they are described. */

let azurite: Awaited<ReturnType<typeof startAzurite>>;
let jpeg: Buffer;
beforeAll(async () => {
  azurite = await startAzurite();
  jpeg = await photo({ width: 64, height: 64 });
});
afterAll(() => azurite.close());

let site: Site;
let worker: Member;
beforeEach(async () => {
  site = await startSite(azurite.connectionString);
  worker = await site.join();
});
afterEach(() => site.close());

const NAME = 'image.jpg';

/** The same picture in other bytes: what follows the end of a JPEG is no part of it. */
function version(number: number): Buffer {
  return Buffer.concat([jpeg, Buffer.from(`version ${number}`)]);
}

async function describeBy({ program }: Member, etag?: string) {
  const { blobs, settings } = program;
  const signal = AbortSignal.timeout(AMPLE_MS);
  const event = { container: blobs.container, name: NAME, etag };
  return describeImage(event, blobs, settings, { attempt: 1, signal });
}

test('B2: an older event that comes after a newer one changes nothing', async () => {
  const older = await site.drop(NAME, version(1));
  const newer = await site.drop(NAME, version(2));
  await describeBy(worker, newer);
  expect(await describeBy(worker, older)).toEqual({ status: 'done', document: null });
  expect(await site.stored(NAME)).toEqual({ prompt: newer, error: null });
  expect(site.paid).toBe(1);
});

describe('B3: an image that is gone before it is looked at', () => {
  test('gets neither a prompt nor an error', async () => {
    const etag = await site.drop(NAME, version(1));
    await site.outside.blobs.remove(NAME);
    expect(await describeBy(worker, etag)).toEqual({ status: 'gone' });
    expect(await site.stored(NAME)).toEqual({ prompt: null, error: null });
  });

  test('takes its prompt with it', async () => {
    await site.drop(NAME, version(1));
    await describeBy(worker);
    await site.outside.blobs.remove(NAME);
    expect(await describeBy(worker)).toEqual({ status: 'gone' });
    expect(await site.stored(NAME)).toEqual({ prompt: null, error: null });
  });

  test('takes its error with it', async () => {
    await site.drop(NAME, Buffer.from('no image'));
    await describeBy(worker);
    expect(await site.stored(NAME)).toMatchObject({ error: expect.any(String) });
    await site.outside.blobs.remove(NAME);
    expect(await describeBy(worker)).toEqual({ status: 'gone' });
    expect(await site.stored(NAME)).toEqual({ prompt: null, error: null });
  });

  test('leaves the prompt of a person behind', async () => {
    await site.drop(promptName(NAME), Buffer.from('{"prompt":"mine"}'));
    await describeBy(worker);
    expect(await site.stored(NAME)).toEqual({ prompt: 'a person', error: null });
  });
});

const STEPS = [
  ...['HEAD prompt', 'GET image', 'PUT claim', 'Vision', 'PUT analysis', 'PUT prompt', 'DELETE error'],
  'HEAD image',
];

/** Has it happened once, right before the step. */
function before(step: string, act: () => Promise<unknown>): void {
  const first = onlyOnce(act);
  if (step === 'Vision') site.meanwhile = first;
  worker.proxy.intercept = async ({ label }, pass) => {
    if (label === step) await first();
    return pass();
  };
}

test.each(STEPS)(
  'B4, B5: an image that is overwritten before %s ends with the prompt of its new version',
  async (step) => {
    const older = await site.drop(NAME, version(1));
    let newer = '';
    before(step, async () => {
      newer = await site.drop(NAME, version(2));
    });
    expect(await describeBy(worker, older)).toMatchObject({ status: 'done' });
    expect(newer).not.toBe('');
    expect(await site.stored(NAME)).toEqual({ prompt: newer, error: null });
    const isSeenOnce = step === 'HEAD prompt' || step === 'GET image';
    expect(site.paid).toBe(isSeenOnce ? 1 : 2);
  },
);

test.each(STEPS)('B6: an image that is deleted before %s leaves nothing beside it', async (step) => {
  const etag = await site.drop(NAME, version(1));
  before(step, () => site.outside.blobs.remove(NAME));
  expect(await describeBy(worker, etag)).toEqual({ status: 'gone' });
  expect(await site.stored(NAME)).toEqual({ prompt: null, error: null });
});

test('B6: an image that is deleted and dropped again before it is confirmed keeps one prompt, of what it shows now', async () => {
  await site.drop(NAME, version(1));
  let newer = '';
  before('HEAD image', async () => {
    await site.outside.blobs.remove(NAME);
    newer = await site.drop(NAME, version(1));
  });
  await describeBy(worker);
  expect(await site.stored(NAME)).toEqual({ prompt: newer, error: null });
  expect(site.paid).toBe(1);
});

test('B4: in a storm of overwrites three workers never go back to an older version, and end with the last', async () => {
  const VERSIONS = 15;
  const versions = [await site.drop(NAME, version(0))];
  // Every paid call is overtaken by a newer version, as long as the storm lasts.
  site.meanwhile = async () => {
    const number = versions.length;
    if (number < VERSIONS) versions.push(await site.drop(NAME, version(number)));
  };
  const written: (string | null)[] = [];
  const inTurn = pLimit(1);
  const workers = [worker, await site.join(), await site.join()];
  for (const { proxy } of workers) {
    proxy.intercept = ({ label, sourceEtag }, pass) => {
      if (label !== 'PUT prompt') return pass();
      // One at a time, so that the order in which they are noted is that in which they happen.
      return inTurn(async () => {
        const answer = await pass();
        if (answer.status === 201) written.push(sourceEtag);
        return answer;
      });
    };
  }
  const isOver = async () => (await site.stored(NAME)).prompt === versions[VERSIONS - 1];
  await Promise.all(
    workers.map(async (each) => {
      while (!(await isOver())) await describeBy(each, versions.at(-1));
    }),
  );
  // The latest event of all comes once more to everyone, and so do those that were overtaken.
  await Promise.all(workers.flatMap((each) => versions.slice(-4).map((etag) => describeBy(each, etag))));
  expect(versions).toHaveLength(VERSIONS);
  const order = written.map((etag) => versions.indexOf(etag ?? ''));
  expect(order).toEqual(order.toSorted((a, b) => a - b));
  expect(order).not.toContain(-1);
  expect(await site.stored(NAME)).toEqual({ prompt: versions.at(-1), error: null });
  expect(site.paid).toBeLessThanOrEqual(VERSIONS);
});
