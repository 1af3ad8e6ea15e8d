import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { describeImage } from '../../../core/describe/describe-image.ts';
import { isCandidate, promptName, sidecarNames } from '../../../core/store/names.ts';
import { startAzurite } from '../../azurite.ts';
import { onlyOnce } from '../../crash/only-once.ts';
import { type Member, type Site, startSite } from '../../crash/site.ts';
import { photo } from '../../fixtures/images/photo.ts';
import { AMPLE_MS } from '../../until.ts';

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
  worker = await site.join({ PROMPT_SIDECARS: 'txt,xmp' });
});
afterEach(() => site.close());

const NAME = 'a/cat.jpg';
const { txt: TXT, xmp: XMP } = sidecarNames(NAME);
const NONE = { [TXT]: null, [XMP]: null };
const MINE = Buffer.from('a caption of my own');

async function describeBy({ program }: Member, name = NAME, attempt = 1, etag?: string) {
  const { blobs, settings } = program;
  const signal = AbortSignal.timeout(AMPLE_MS);
  return describeImage({ container: blobs.container, name, etag }, blobs, settings, { attempt, signal });
}

async function textOf(name: string): Promise<string | null> {
  const blob = await site.outside.blobs.read(name, { maxBytes: 1e6 });
  return blob && Buffer.from(blob.bytes ?? []).toString();
}

async function sidecars(): Promise<Record<string, string | null>> {
  return { [TXT]: await textOf(TXT), [XMP]: await textOf(XMP) };
}

/** The prompt of the image as its document says it, on a line. */
async function lineOf(name: string): Promise<string> {
  return `${JSON.parse((await textOf(promptName(name))) ?? 'null').prompt}\n`;
}

/** Has it happened once, right before the first request of this method for this blob. */
function rightBefore(method: string, name: string, act: () => Promise<unknown>): void {
  const first = onlyOnce(act);
  worker.proxy.intercept = async (step, pass) => {
    if (step.name === name && step.label.startsWith(`${method} `)) await first();
    return pass();
  };
}

/** Another picture, described in other words since its shape is another. */
const portrait = () => photo({ width: 60, height: 90, seed: 7 });

test('are written after the prompt, with what it says, and are no images', async () => {
  const written: string[] = [];
  worker.proxy.intercept = async ({ label, name }, pass) => {
    const answer = await pass();
    if (label.startsWith('PUT ') && answer.status === 201) written.push(name);
    return answer;
  };
  await site.drop(NAME, jpeg);
  expect(await describeBy(worker)).toMatchObject({ status: 'done' });
  expect(written.filter((name) => name.startsWith('a/'))).toEqual([promptName(NAME), TXT, XMP]);
  expect(await sidecars()).toMatchObject({
    [TXT]: await lineOf(NAME),
    [XMP]: expect.stringContaining('<dc:description>'),
  });
  for (const [name, type] of [
    [TXT, 'text/plain; charset=utf-8'],
    [XMP, 'application/rdf+xml'],
  ] as const) {
    const blob = await site.outside.blobs.head(name);
    expect(blob?.contentType).toBe(type);
    expect(isCandidate(name, blob?.contentType ?? null)).toBe(false);
  }
});

test('are not written where the setting names none, or not this one', async () => {
  await site.drop(NAME, jpeg);
  await describeBy(await site.join());
  expect(await sidecars()).toEqual(NONE);
  const trainer = await site.join({ PROMPT_SIDECARS: 'txt' });
  await describeBy(trainer);
  expect(await sidecars()).toEqual({ [TXT]: await lineOf(NAME), [XMP]: null });
});

describe('a blob of a person', () => {
  test('is never written over, while the other sidecar is made all the same', async () => {
    await site.drop(TXT, MINE);
    await site.drop(NAME, jpeg);
    expect(await describeBy(worker)).toMatchObject({ status: 'done' });
    expect(await sidecars()).toMatchObject({ [TXT]: `${MINE}`, [XMP]: expect.any(String) });
  });

  test('is not written over where it takes the place of ours', async () => {
    await site.drop(NAME, jpeg);
    await describeBy(worker);
    await site.drop(TXT, MINE);
    await site.drop(NAME, await portrait());
    await describeBy(worker);
    expect(await sidecars()).toMatchObject({ [TXT]: `${MINE}` });
  });

  test.each([
    ['there was none', async () => {}],
    ['ours was there', () => describeBy(worker)],
  ])('is not written over where it comes between the look and the write, and %s', async (_, first) => {
    await site.drop(NAME, jpeg);
    await first();
    await site.drop(NAME, await portrait());
    rightBefore('PUT', TXT, () => site.drop(TXT, MINE));
    expect(await describeBy(worker)).toMatchObject({ status: 'done' });
    expect(await sidecars()).toMatchObject({ [TXT]: `${MINE}`, [XMP]: expect.any(String) });
    expect(await site.outside.blobs.head(promptName(NAME))).not.toBeNull();
  });

  test('outlives the image', async () => {
    await site.drop(NAME, jpeg);
    await describeBy(worker);
    await site.drop(TXT, MINE);
    await site.outside.blobs.remove(NAME);
    expect(await describeBy(worker)).toEqual({ status: 'gone' });
    expect(await sidecars()).toEqual({ [TXT]: `${MINE}`, [XMP]: null });
  });
});

test('of images with one stem only the first has the .txt, and keeps it', async () => {
  const other = 'a/cat.png';
  await site.drop(NAME, jpeg);
  await describeBy(worker);
  const first = await textOf(TXT);
  await site.drop(other, await portrait());
  expect(await describeBy(worker, other)).toMatchObject({ status: 'done' });
  expect(await textOf(TXT)).toBe(first);
  expect(await textOf(sidecarNames(other).xmp)).not.toBeNull();
  await site.outside.blobs.remove(other);
  await describeBy(worker, other);
  expect(await sidecars()).toMatchObject({ [TXT]: first, [XMP]: expect.any(String) });
  expect(await textOf(sidecarNames(other).xmp)).toBeNull();
});

describe('follow the image', () => {
  test('when its content changes', async () => {
    await site.drop(NAME, jpeg);
    await describeBy(worker);
    const older = await sidecars();
    await site.drop(NAME, await portrait());
    await describeBy(worker);
    const newer = await sidecars();
    expect(newer[TXT]).toBe(await lineOf(NAME));
    expect([newer[TXT] === older[TXT], newer[XMP] === older[XMP]]).toEqual([false, false]);
  });

  test('when it is gone', async () => {
    await site.drop(NAME, jpeg);
    await describeBy(worker);
    await site.outside.blobs.remove(NAME);
    expect(await describeBy(worker)).toEqual({ status: 'gone' });
    expect(await sidecars()).toEqual(NONE);
  });

  test.each(['PUT', 'HEAD'])('when it goes before the %s of a sidecar', async (method) => {
    await site.drop(NAME, jpeg);
    rightBefore(method, TXT, () => site.outside.blobs.remove(NAME));
    expect(await describeBy(worker)).toEqual({ status: 'gone' });
    expect(await sidecars()).toEqual(NONE);
  });

  test('when it becomes none that can be described', async () => {
    await site.drop(NAME, jpeg);
    await describeBy(worker);
    await site.drop(NAME, Buffer.from('no image'));
    expect(await describeBy(worker)).toMatchObject({ status: 'refused' });
    expect(await sidecars()).toEqual(NONE);
  });

  test('when it is gone, but not when it comes back while it is looked for', async () => {
    await site.drop(NAME, jpeg);
    await describeBy(worker);
    await site.outside.blobs.remove(NAME);
    const other = await site.join({ PROMPT_SIDECARS: 'txt,xmp' });
    rightBefore('DELETE', TXT, async () => {
      await site.drop(NAME, jpeg);
      await describeBy(other);
    });
    await describeBy(worker);
    expect(await sidecars()).toMatchObject({ [TXT]: await lineOf(NAME), [XMP]: expect.any(String) });
  });
});

describe('an attempt that ends, or is overtaken, between the prompt and its sidecars', () => {
  test.each([TXT, XMP])('before %s is made good for when its event comes again', async (name) => {
    const etag = await site.drop(NAME, jpeg);
    const cut = new Error('cut');
    worker.proxy.intercept = async (step, pass) => {
      if (step.name === name && step.label.startsWith('PUT ')) throw cut;
      return pass();
    };
    expect(await describeBy(worker, NAME, 1, etag)).toMatchObject({ status: 'failed' });
    expect(await textOf(name)).toBeNull();
    expect(await textOf(promptName(NAME))).not.toBeNull();
    const second = await site.join({ PROMPT_SIDECARS: 'txt,xmp' });
    expect(await describeBy(second, NAME, 2, etag)).toMatchObject({ status: 'done' });
    expect(await sidecars()).toMatchObject({ [TXT]: await lineOf(NAME), [XMP]: expect.any(String) });
    expect(site.paid).toBe(1);
  });

  test.each(['HEAD', 'PUT'])(
    'and was overtaken before the %s of one leaves those of the newer version',
    async (method) => {
      await site.drop(NAME, jpeg);
      const faster = await site.join({ PROMPT_SIDECARS: 'txt,xmp' });
      rightBefore(method, TXT, async () => {
        await site.drop(NAME, await portrait());
        await describeBy(faster);
      });
      await describeBy(worker);
      expect(await textOf(TXT)).toBe(await lineOf(NAME));
      expect(await textOf(XMP)).toContain('Portrait format');
    },
  );

  test('when nothing is missing writes nothing again', async () => {
    await site.drop(NAME, jpeg);
    await describeBy(worker);
    const etags = async () =>
      (await Promise.all([TXT, XMP].map((name) => site.outside.blobs.head(name)))).map((blob) => blob?.etag);
    const first = await etags();
    await describeBy(worker, NAME, 2);
    expect(await etags()).toEqual(first);
  });
});
