import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { parseConfig } from '../../../core/config.ts';
import { describeImage } from '../../../core/describe/describe-image.ts';
import type { Outcome } from '../../../core/describe/outcome.ts';
import { DeferredError, FailedError, RefusedError } from '../../../core/errors.ts';
import { createLog } from '../../../core/log.ts';
import { createProgram, type Program } from '../../../core/program.ts';
import { promptDocument } from '../../../core/prompt/document.ts';
import { connectStorage } from '../../../core/store/azure-blobs.ts';
import { errorName, promptName } from '../../../core/store/names.ts';
import { localVision } from '../../../core/vision/local.ts';
import { startAzurite } from '../../azurite.ts';
import { photo } from '../../fixtures/images/photo.ts';
import { AMPLE_MS } from '../../until.ts';

let azurite: Awaited<ReturnType<typeof startAzurite>>;
let program: Program;
let jpeg: Buffer;
let calls = 0;
/** What happens while the image is at the provider's. */
let meanwhile: () => Promise<unknown> = async () => {};

beforeAll(async () => {
  azurite = await startAzurite();
  const config = parseConfig({ STORAGE: azurite.connectionString });
  program = await createProgram(config, { connectionString: azurite.connectionString }, createLog('silent'));
  await program.blobs.create();
  jpeg = await photo({ width: 320, height: 240 });
});
afterAll(() => azurite.close());
beforeEach(() => {
  calls = 0;
  meanwhile = async () => {};
});

/** The provider `local`, counted, so that a test can look at what would have been paid for. */
const vision = {
  ...localVision(),
  async analyze(...args: Parameters<ReturnType<typeof localVision>['analyze']>) {
    calls++;
    await meanwhile();
    return localVision().analyze(...args);
  },
};

async function drop(name: string, bytes: Uint8Array = jpeg): Promise<string> {
  const written = await program.blobs.write(name, bytes, { contentType: 'image/jpeg', condition: 'any' });
  if (written === 'conflict') throw new Error('a write without condition has no conflict');
  return written.etag;
}

function run(
  name: string,
  options: { etag?: string; force?: boolean; attempt?: number } = {},
): Promise<Outcome> {
  const { etag, force, attempt } = options;
  const event = { container: 'images', name, etag };
  const signal = AbortSignal.timeout(AMPLE_MS);
  return describeImage(event, program.blobs, { ...program.settings, vision }, { force, attempt, signal });
}

async function stored(name: string) {
  const [prompt, error] = await Promise.all([
    program.blobs.read(promptName(name), { maxBytes: 1e6 }),
    program.blobs.read(errorName(name), { maxBytes: 1e6 }),
  ]);
  const json = (blob: typeof prompt) => blob && JSON.parse(Buffer.from(blob.bytes ?? []).toString());
  return { prompt: json(prompt), error: json(error), labels: (prompt ?? error)?.metadata };
}

describe('a dropped image', () => {
  test('gets its prompt beside it, with labels that tell a listing everything', async () => {
    const etag = await drop('a/one.jpg');
    expect(await run('a/one.jpg')).toMatchObject({ status: 'done', document: { schemaVersion: 1 } });
    const { prompt, error, labels } = await stored('a/one.jpg');
    const sha256 = createHash('sha256').update(jpeg).digest('hex');
    expect(promptDocument.parse(prompt).image).toMatchObject({
      container: 'images',
      name: 'a/one.jpg',
      etag,
      sha256,
    });
    expect(labels).toEqual({
      ...{ sourceetag: etag, sha256, schema: '1', provider: 'local', origin: 'generated', degraded: 'true' },
      ours: expect.stringMatching(/^[A-Za-z0-9+/]{22}==$/),
      settings: prompt.analysis.settingsHash.slice(0, 16),
    });
    expect(error).toBeNull();
  });

  test('is described once, however often it is heard of', async () => {
    const etag = await drop('once.jpg');
    await run('once.jpg', { etag });
    for (const hint of [etag, undefined, 'an older one']) {
      expect(await run('once.jpg', hint === undefined ? {} : { etag: hint })).toEqual({
        status: 'done',
        document: null,
      });
    }
    expect(calls).toBe(1);
  });

  test('is described anew when its content changes, or when that is asked for', async () => {
    await drop('changing.jpg');
    await run('changing.jpg');
    const etag = await drop('changing.jpg', await photo({ width: 64, height: 64 }));
    await run('changing.jpg', { etag });
    expect((await stored('changing.jpg')).prompt.image).toMatchObject({ etag, width: 64 });
    await run('changing.jpg', { etag, force: true });
    expect(calls).toBe(3);
  });

  test('that is gone leaves nothing', async () => {
    expect(await run('missing.jpg')).toEqual({ status: 'gone' });
    expect(await stored('missing.jpg')).toMatchObject({ prompt: null, error: null });
  });

  test('with an unusable name is refused, and nothing is written', async () => {
    expect(await run('../images2/x.jpg')).toMatchObject({
      status: 'refused',
      error: { code: 'invalid-name' },
    });
  });
});

describe('a prompt that is not ours', () => {
  const mine = Buffer.from('{"prompt":"mine"}');

  test('stays, also when the image changes, until a remake is asked for', async () => {
    await drop('edited.jpg');
    await run('edited.jpg');
    await drop(promptName('edited.jpg'), mine);
    await drop('edited.jpg', await photo({ width: 80, height: 60 }));
    expect(await run('edited.jpg')).toEqual({ status: 'done', document: null });
    expect((await stored('edited.jpg')).prompt).toEqual({ prompt: 'mine' });
    await run('edited.jpg', { force: true });
    expect((await stored('edited.jpg')).prompt.image.width).toBe(80);
  });

  test('stays when it is written while the image is at the provider', async () => {
    await drop('raced.jpg');
    meanwhile = () => drop(promptName('raced.jpg'), mine);
    expect(await run('raced.jpg')).toEqual({ status: 'done', document: null });
    expect((await stored('raced.jpg')).prompt).toEqual({ prompt: 'mine' });
  });

  test('but of a newer version of this program is never overwritten', async () => {
    await drop('newer.jpg');
    const bytes = Buffer.from('{"schemaVersion":2}');
    const ours = createHash('md5').update(bytes).digest('base64');
    const metadata = { ours, schema: '2', sourceetag: 'older' };
    await program.blobs.write(promptName('newer.jpg'), bytes, {
      contentType: 'x',
      metadata,
      condition: 'any',
    });
    expect(await run('newer.jpg', { force: true })).toEqual({ status: 'done', document: null });
    expect((await stored('newer.jpg')).prompt).toEqual({ schemaVersion: 2 });
  });
});

describe('an image that cannot be described', () => {
  test.each([
    ['B7: empty', 0, 'empty-image'],
    ['B8: too large', 20 * 1024 * 1024 + 1, 'image-too-large'],
    ['no image', 1000, 'unsupported-image'],
  ])('%s gets an error JSON and costs nothing', async (label, size, code) => {
    const etag = await drop(`${label}.jpg`, Buffer.alloc(size));
    expect(await run(`${label}.jpg`)).toMatchObject({ status: 'refused', error: { code } });
    const { prompt, error, labels } = await stored(`${label}.jpg`);
    expect(prompt).toBeNull();
    expect(error).toMatchObject({ code, sourceEtag: etag, retryable: false, attempts: 1, nextTryAt: null });
    expect(labels).toMatchObject({ code, sourceetag: etag, retryable: 'false', attempts: '1' });
    expect(calls).toBe(0);
  });

  test('loses the prompt of what it showed before, and its error when it is mended', async () => {
    await drop('turning.jpg');
    await run('turning.jpg');
    await drop('turning.jpg', Buffer.from('no image'));
    await run('turning.jpg');
    expect(await stored('turning.jpg')).toMatchObject({ prompt: null, error: { code: 'unsupported-image' } });
    await drop('turning.jpg');
    await run('turning.jpg');
    expect(await stored('turning.jpg')).toMatchObject({ prompt: { schemaVersion: 1 }, error: null });
  });

  test('because the request is wrong keeps its prompt and gets no error', async () => {
    await drop('asked-wrongly.jpg');
    await run('asked-wrongly.jpg');
    meanwhile = () => Promise.reject(new RefusedError('invalid-request'));
    const outcome = await run('asked-wrongly.jpg', { force: true });
    expect(outcome).toMatchObject({ status: 'refused', error: { code: 'invalid-request' } });
    expect(await stored('asked-wrongly.jpg')).toMatchObject({ prompt: { schemaVersion: 1 }, error: null });
  });

  test('because its provider refuses it is an error like any other', async () => {
    await drop('filtered.jpg');
    meanwhile = () => Promise.reject(new RefusedError('content-filtered'));
    expect(await run('filtered.jpg')).toMatchObject({ status: 'refused' });
    expect((await stored('filtered.jpg')).error).toMatchObject({ code: 'content-filtered', status: 422 });
  });
});

describe('a failure that may pass', () => {
  test('is told to the caller and leaves no trace while tries are left', async () => {
    await drop('failing.jpg');
    meanwhile = () => Promise.reject(new FailedError('vision-unavailable'));
    expect(await run('failing.jpg')).toMatchObject({
      status: 'failed',
      error: { code: 'vision-unavailable' },
    });
    expect(await stored('failing.jpg')).toMatchObject({ prompt: null, error: null });
  });

  test('gets its error JSON at the last try, with nothing of its cause in it', async () => {
    await drop('failed.jpg');
    meanwhile = () =>
      Promise.reject(new FailedError('vision-timeout', { cause: new Error('secret address') }));
    await run('failed.jpg', { attempt: 5 });
    const { error } = await stored('failed.jpg');
    expect(error).toMatchObject({ code: 'vision-timeout', retryable: true, attempts: 5 });
    const untilNext = Date.parse(error.nextTryAt) - Date.now();
    expect(untilNext).toBeLessThanOrEqual(15 * 60_000);
    expect(untilNext).toBeGreaterThan(14 * 60_000);
    expect(JSON.stringify(error)).not.toContain('secret');
  });

  test('is not held against a version that came while the last try ran: that one is described', async () => {
    const tried = await drop('overtaken.jpg');
    meanwhile = async () => {
      meanwhile = async () => {};
      await drop('overtaken.jpg', await photo({ width: 70, height: 70 }));
      throw new FailedError('vision-unavailable');
    };
    expect(await run('overtaken.jpg', { etag: tried, attempt: 5 })).toMatchObject({ status: 'done' });
    expect(await stored('overtaken.jpg')).toMatchObject({ prompt: { image: { width: 70 } }, error: null });
  });

  test('is written down without another attempt where every one of them ended the process', async () => {
    await drop('deadly.jpg');
    expect(await run('deadly.jpg', { attempt: 6 })).toMatchObject({ status: 'failed' });
    expect(await stored('deadly.jpg')).toMatchObject({ error: { code: 'internal', attempts: 6 } });
    expect(calls).toBe(0);
  });

  test('takes away the prompt of what the image showed before, at the last try', async () => {
    await drop('before.jpg');
    await run('before.jpg');
    await drop('before.jpg', await photo({ width: 70, height: 70 }));
    meanwhile = () => Promise.reject(new FailedError('vision-unavailable'));
    await run('before.jpg', { attempt: 5 });
    expect(await stored('before.jpg')).toMatchObject({ prompt: null, error: { retryable: true } });
  });

  test('because the prompt is leased is the storage’s, and costs one analysis', async () => {
    await drop('leased.jpg');
    await run('leased.jpg');
    await drop('leased.jpg', await photo({ width: 70, height: 70 }));
    const service = await connectStorage({ connectionString: azurite.connectionString });
    const lease = service
      .getContainerClient('images')
      .getBlobClient(promptName('leased.jpg'))
      .getBlobLeaseClient();
    await lease.acquireLease(60);
    const before = calls;
    expect(await run('leased.jpg')).toMatchObject({
      status: 'failed',
      error: { code: 'storage-unavailable' },
    });
    expect(calls - before).toBe(1);
  });

  test('of our own making is not taken for the image', async () => {
    await drop('bug.jpg');
    meanwhile = () => Promise.reject(new TypeError('x is not a function'));
    expect(await run('bug.jpg')).toMatchObject({ status: 'failed', error: { code: 'internal' } });
  });
});

test('an image that is deferred is no failure: it leaves no trace, not even at the last try', async () => {
  await drop('deferred.jpg');
  const until = new Date('2026-01-02T00:00:00Z');
  const error = new DeferredError('vision-limit-spent', until);
  meanwhile = () => Promise.reject(error);
  expect(await run('deferred.jpg', { attempt: 5 })).toEqual({ status: 'deferred', until, error });
  expect(await stored('deferred.jpg')).toMatchObject({ prompt: null, error: null });
});
