import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { describeImage } from '../../../core/describe/describe-image.ts';
import { promptName } from '../../../core/store/names.ts';
import { startAzurite } from '../../azurite.ts';
import { onlyOnce } from '../../crash/only-once.ts';
import { type Member, type Site, startSite } from '../../crash/site.ts';
import type { Intercept, StorageAnswer } from '../../crash/storage-proxy.ts';
import { photo } from '../../fixtures/images/photo.ts';
import { AMPLE_MS } from '../../until.ts';

/** What storage says when someone else was faster, when it is not well, and when its answers are lost. */

let azurite: Awaited<ReturnType<typeof startAzurite>>;
let jpeg: Buffer;
beforeAll(async () => {
  azurite = await startAzurite();
  jpeg = await photo({ width: 64, height: 64 });
});
afterAll(() => azurite.close());

let site: Site;
let worker: Member;
let etag: string;
beforeEach(async () => {
  site = await startSite(azurite.connectionString);
  worker = await site.join();
  etag = await site.drop(NAME, jpeg);
});
afterEach(() => site.close());

const NAME = 'image.jpg';
const WRITES = ['PUT claim', 'PUT analysis', 'PUT prompt', 'DELETE error'];
const STEPS = ['HEAD prompt', 'GET image', ...WRITES, 'HEAD image'];

async function describeOnce(attempt = 1) {
  const { blobs, settings } = worker.program;
  const signal = AbortSignal.timeout(AMPLE_MS);
  const event = { container: blobs.container, name: NAME, etag };
  return describeImage(event, blobs, settings, { attempt, signal });
}

/** How often a request changed something. */
const succeeded = (label: string) =>
  worker.proxy.exchanges.filter((each) => each.label === label && each.status < 300).length;

function refusal(status: number, code: string): StorageAnswer {
  const body = Buffer.from(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>No.</Message></Error>`);
  const headers = { 'content-type': 'application/xml', 'x-ms-error-code': code };
  return { status, headers: { ...headers, 'content-length': `${body.length}` }, body };
}

describe('S1: another was faster', () => {
  test('a 409 where a person has written a prompt meanwhile: it stays', async () => {
    site.meanwhile = () => site.drop(promptName(NAME), Buffer.from('{"prompt":"mine"}'));
    expect(await describeOnce()).toEqual({ status: 'done', document: null });
    expect(await site.stored(NAME)).toEqual({ prompt: 'a person', error: null });
    expect(worker.proxy.exchanges).toContainEqual(
      expect.objectContaining({ label: 'PUT prompt', status: 409 }),
    );
  });

  test('a 412 where the prompt of what the image showed before was taken away: it is made', async () => {
    await describeOnce();
    etag = await site.drop(NAME, Buffer.concat([jpeg, Buffer.from('newer')]));
    site.meanwhile = onlyOnce(() => site.outside.blobs.remove(promptName(NAME)));
    expect(await describeOnce()).toMatchObject({ status: 'done' });
    expect(await site.stored(NAME)).toEqual({ prompt: etag, error: null });
    expect(worker.proxy.exchanges).toContainEqual(
      expect.objectContaining({ label: 'PUT prompt', status: 412 }),
    );
    expect(site.paid).toBe(2);
  });
});

/** Every kind of request has this happen to it once. */
function onceEach(labels: readonly string[], happen: Intercept): void {
  const first = new Set(labels);
  worker.proxy.intercept = (step, pass) => (first.delete(step.label) ? happen(step, pass) : pass());
}

describe('S2: storage is not well', () => {
  test.each<[string, StorageAnswer | 'reset']>([
    ['says 503 ServerBusy', refusal(503, 'ServerBusy')],
    ['says 500 OperationTimedOut', refusal(500, 'OperationTimedOut')],
    ['breaks the connection', 'reset'],
  ])('and %s once to every request: the image is described all the same', async (_name, answer) => {
    onceEach(STEPS, async () => answer);
    expect(await describeOnce()).toMatchObject({ status: 'done' });
    expect(await site.stored(NAME)).toEqual({ prompt: etag, error: null });
    expect({ paid: site.paid, written: succeeded('PUT prompt') }).toEqual({ paid: 1, written: 1 });
  });

  test.each(STEPS)(
    'for as long as an attempt lasts, at %s: the next one describes the image, paid for once',
    async (label) => {
      worker.proxy.intercept = async (step, pass) =>
        step.label === label ? refusal(503, 'ServerBusy') : pass();
      const { status } = await describeOnce();
      // An analysis that storage cannot keep is used all the same.
      expect(status).toBe(label === 'PUT analysis' ? 'done' : 'failed');
      worker.proxy.intercept = (_step, pass) => pass();
      worker.proxy.later = 60_000;
      expect(await describeOnce()).toMatchObject({ status: 'done' });
      expect(await site.stored(NAME)).toEqual({ prompt: etag, error: null });
      expect({ paid: site.paid, written: succeeded('PUT prompt') }).toEqual({ paid: 1, written: 1 });
    },
  );
});

test.each([
  [403, 'AuthorizationPermissionMismatch'],
  [404, 'ContainerNotFound'],
  [403, 'AccountIsDisabled'],
])(
  'S3: storage that says %d %s fails the attempt at once, and says why: the image is not taken for gone',
  async (status, code) => {
    let requests = 0;
    worker.proxy.intercept = async () => {
      requests++;
      return refusal(status, code);
    };
    expect(await describeOnce()).toMatchObject({
      status: 'failed',
      // A HEAD has its code in the headers only.
      error: { code: 'storage-unavailable', cause: { statusCode: status, details: { errorCode: code } } },
    });
    expect(requests).toBe(1);
    // At the last attempt neither: it cannot be written down, so its message is kept.
    await expect(describeOnce(5)).rejects.toMatchObject({ code: 'storage-unavailable' });
    expect(site.paid).toBe(0);
  },
);

test('S4: writes whose answers are lost, after they were carried out, count as done', async () => {
  onceEach(WRITES, async (_step, pass) => {
    await pass();
    return 'reset';
  });
  expect(await describeOnce()).toMatchObject({ status: 'done', document: { schemaVersion: 1 } });
  expect(await site.stored(NAME)).toEqual({ prompt: etag, error: null });
  expect(WRITES.slice(0, 3).map(succeeded)).toEqual([1, 1, 1]);
  expect(site.paid).toBe(1);
});

test('S5: what is noted beside a prompt is short ASCII, whatever the image and its words are', async () => {
  const { blobs, settings } = worker.program;
  const name = `${'ü日本語🚲/'.repeat(40)}.jpg`;
  await site.drop(name, jpeg);
  const words = { ...settings, prefix: '水彩画'.repeat(500), triggerWord: 'öäü' };
  const signal = AbortSignal.timeout(AMPLE_MS);
  expect(await describeImage({ container: blobs.container, name }, blobs, words, { signal })).toMatchObject({
    status: 'done',
  });
  const prompt = await site.outside.blobs.head(promptName(name));
  const notes = Object.entries(prompt?.metadata ?? {})
    .flat()
    .join('');
  expect(notes).toMatch(/^[\x20-\x7e]{100,1000}$/);
});
