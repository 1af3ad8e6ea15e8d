import { beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { feedName, labelledImage } from '../../../core/feed/feed-name.ts';
import { isMirrorOf, mirrorPrompt, mirrorStored, removeMirror } from '../../../core/feed/mirror.ts';
import type { Blobs } from '../../../core/store/blobs.ts';
import { promptName } from '../../../core/store/names.ts';
import { isOurs } from '../../../core/store/prompts.ts';
import { onlyOnce } from '../../crash/only-once.ts';
import { faultyBlobs } from '../../memory/faults.ts';
import { MemoryBlobs } from '../../memory/memory-blobs.ts';
import { SimulatedClock } from '../../simulated-clock.ts';

const IMAGE = 'holiday/cat.jpg';
const { signal } = new AbortController();

let blobs: MemoryBlobs;
let feed: MemoryBlobs;
beforeEach(() => {
  const clock = new SimulatedClock();
  blobs = new MemoryBlobs(clock);
  feed = new MemoryBlobs(clock, 'feed');
});

/** Writes a prompt beside the image, as its next version, and gives what is then to be mirrored. */
async function prompted(version: number, into: Blobs = blobs) {
  const bytes = Buffer.from(`{"prompt":"version ${version}"}`);
  const sourceEtag = `image-${version}`;
  const metadata = { sourceetag: sourceEtag };
  const written = await into.write(promptName(IMAGE), bytes, {
    ...{ contentType: 'application/json', metadata, condition: 'any' },
  });
  if (written === 'conflict') throw new Error('a write without condition has no conflict');
  return { image: IMAGE, etag: written.etag, bytes, sourceEtag };
}

async function entry() {
  const found = await feed.read(feedName(IMAGE), { maxBytes: 1e6 });
  return found && { ...found, text: Buffer.from(found.bytes ?? []).toString() };
}

describe('A prompt in the feed', () => {
  test('is the same JSON under a flat name, and says whose it is', async () => {
    const prompt = await prompted(1);
    expect(await mirrorPrompt({ blobs, feed }, prompt, signal)).toBe('written');
    const found = await entry();
    expect(found?.text).toBe('{"prompt":"version 1"}');
    expect(found?.contentType).toBe('application/json');
    expect(found?.metadata).toMatchObject({
      ...{ container: blobs.container, image: 'holiday%2Fcat.jpg', sourceetag: 'image-1' },
    });
    expect(found && labelledImage(found.metadata)).toBe(IMAGE);
    expect(found && isOurs(found) && isMirrorOf(found, { ...prompt, container: blobs.container })).toBe(true);
  });

  test('replaces that of the version before, and is not replaced by it', async () => {
    const first = await prompted(1);
    await mirrorPrompt({ blobs, feed }, first, signal);
    const second = await prompted(2);
    expect(await mirrorPrompt({ blobs, feed }, second, signal)).toBe('written');
    expect(await mirrorPrompt({ blobs, feed }, first, signal)).toBe('superseded');
    expect((await entry())?.text).toBe('{"prompt":"version 2"}');
  });

  test('does not replace that of a newer one which came after the last look', async () => {
    await mirrorPrompt({ blobs, feed }, await prompted(1), signal);
    const second = await prompted(2);
    const newer = onlyOnce(async () => mirrorPrompt({ blobs, feed }, await prompted(3), signal));
    const interrupted = faultyBlobs(feed, async ({ operation, condition }) => {
      if (operation === 'write' && condition !== 'new') await newer();
      return 'ok' as const;
    });
    expect(await mirrorPrompt({ blobs, feed: interrupted }, second, signal)).toBe('superseded');
    expect((await entry())?.text).toBe('{"prompt":"version 3"}');
  });

  test('is there once, also where the answer to its writing was lost', async () => {
    const prompt = await prompted(1);
    const repeated = faultyBlobs(feed, ({ operation }) => (operation === 'write' ? 'repeated' : 'ok'));
    expect(await mirrorPrompt({ blobs, feed: repeated }, prompt, signal)).toBe('written');
    expect((await entry())?.text).toBe('{"prompt":"version 1"}');
  });

  test('is taken from what is stored where only the image is known', async () => {
    expect(await mirrorStored({ blobs, feed }, IMAGE, signal)).toBe('superseded');
    expect(await entry()).toBeNull();
    await prompted(1);
    expect(await mirrorStored({ blobs, feed }, IMAGE, signal)).toBe('written');
    expect((await entry())?.metadata.sourceetag).toBe('image-1');
  });
});

describe('A blob that is not ours, where an entry would be,', () => {
  const foreign = async (metadata: Readonly<Record<string, string>>, text = '{"mine":1}') => {
    const options = { contentType: 'application/json', metadata, condition: 'any' } as const;
    await feed.write(feedName(IMAGE), Buffer.from(text), options);
  };

  test('is never replaced', async () => {
    await foreign({});
    expect(await mirrorPrompt({ blobs, feed }, await prompted(1), signal)).toBe('foreign');
    expect(await mirrorStored({ blobs, feed }, IMAGE, signal)).toBe('foreign');
    expect((await entry())?.text).toBe('{"mine":1}');
  });

  test('is also an entry of ours that a person edited, with its metadata', async () => {
    await mirrorPrompt({ blobs, feed }, await prompted(1), signal);
    await foreign((await entry())?.metadata ?? {});
    expect(await mirrorPrompt({ blobs, feed }, await prompted(2), signal)).toBe('foreign');
    expect((await entry())?.text).toBe('{"mine":1}');
  });

  test('is also the entry of an image of the same name in another container', async () => {
    const others = new MemoryBlobs(new SimulatedClock(), 'others');
    await mirrorPrompt({ blobs, feed }, await prompted(1), signal);
    const theirs = await prompted(2, others);
    expect(await mirrorPrompt({ blobs: others, feed }, theirs, signal)).toBe('foreign');
    await others.remove(promptName(IMAGE));
    expect(await removeMirror({ blobs: others, feed }, IMAGE, signal)).toBe(false);
    expect((await entry())?.text).toBe('{"prompt":"version 1"}');
  });
});

test('whatever comes between its steps, the feed ends with the newest prompt and never goes back', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.integer({ min: 2, max: 4 }), async (scheduler, versions) => {
      const clock = new SimulatedClock();
      blobs = new MemoryBlobs(clock);
      feed = new MemoryBlobs(clock, 'feed');
      const seen: number[] = [];
      const slowly = (place: Blobs) =>
        faultyBlobs(place, async () => {
          await scheduler.schedule(Promise.resolve(), 'call');
          return 'ok' as const;
        });
      const watched: Blobs = Object.assign(Object.create(feed), {
        container: feed.container,
        async write(name: string, bytes: Uint8Array, options: Parameters<Blobs['write']>[2]) {
          const written = await feed.write(name, bytes, options);
          if (written !== 'conflict') seen.push(Number(/\d+/.exec(Buffer.from(bytes).toString())?.[0]));
          return written;
        },
        head: feed.head.bind(feed),
      });
      const places = { blobs: slowly(blobs), feed: slowly(watched) };
      const mirrors: Promise<unknown>[] = [];
      // Prompts follow one another; their mirrors come whenever they come.
      const writing = (async () => {
        for (let version = 1; version <= versions; version++) {
          const prompt = await prompted(version, places.blobs);
          mirrors.push(mirrorPrompt(places, prompt, signal));
        }
      })();
      await scheduler.waitFor(writing);
      await scheduler.waitFor(Promise.all(mirrors));
      expect((await entry())?.text).toBe(`{"prompt":"version ${versions}"}`);
      expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    }),
  );
});

describe('An entry whose prompt is gone', () => {
  beforeEach(async () => {
    await mirrorPrompt({ blobs, feed }, await prompted(1), signal);
  });

  test('is removed', async () => {
    await blobs.remove(promptName(IMAGE));
    expect(await removeMirror({ blobs, feed }, IMAGE, signal)).toBe(true);
    expect(await entry()).toBeNull();
    expect(await removeMirror({ blobs, feed }, IMAGE, signal)).toBe(false);
  });

  test('stays where the prompt came back, or is someone else’s', async () => {
    expect(await removeMirror({ blobs, feed }, IMAGE, signal)).toBe(false);
    await blobs.remove(promptName(IMAGE));
    const options = { contentType: 'application/json', condition: 'any' } as const;
    await feed.write(feedName(IMAGE), Buffer.from('{"prompt":"mine"}'), options);
    expect(await removeMirror({ blobs, feed }, IMAGE, signal)).toBe(false);
    expect((await entry())?.text).toBe('{"prompt":"mine"}');
  });
});
