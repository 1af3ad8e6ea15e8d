import type { ContainerClient } from '@azure/storage-blob';
import { RestError } from '@azure/storage-blob';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { FailedError, RefusedError } from '../../../core/errors.ts';
import { AzureBlobs, connectStorage } from '../../../core/store/azure-blobs.ts';
import type { BlobPage, PageOptions } from '../../../core/store/blobs.ts';
import { listImages } from '../../../core/store/listing.ts';
import { isListable } from '../../../core/store/names.ts';
import { Lister } from '../../../core/store/unlistable.ts';
import { startAzurite } from '../../azurite.ts';
import { SimulatedClock } from '../../simulated-clock.ts';

/** Lists to the end: the names, in order, how many ranges were skipped, and how many pages were asked for. */
async function all(lister: Lister, { prefix = '', size = 5000 } = {}) {
  const names: string[] = [];
  let skipped = 0;
  let marker: string | undefined;
  for (let pages = 0; pages < 10_000; pages++) {
    const page = await lister.page({ prefix, marker, size });
    names.push(...page.blobs.map(({ name }) => name));
    skipped += page.skipped;
    if (page.marker === null) return { names, skipped };
    marker = page.marker;
  }
  throw new Error('the listing does not end');
}

/** As Azurite lists: by UTF-16 code units, a marker is a name, and what XML cannot hold makes an answer of 500. */
function emulator(names: ReadonlySet<string>) {
  const asked: PageOptions[] = [];
  const refused = new FailedError('storage-unavailable', { cause: new RestError('', { statusCode: 500 }) });
  const page = async (options: PageOptions): Promise<BlobPage> => {
    asked.push(options);
    const { prefix = '', marker = '', size } = options;
    const found = [...names].filter((name) => name.startsWith(prefix) && name > marker).sort();
    const shown = found.slice(0, size);
    // A lone surrogate cannot even be asked for.
    if (![prefix, marker].every((text) => text.isWellFormed())) throw new URIError('malformed');
    if (![prefix, marker, ...shown].every(isShown)) throw refused;
    return {
      blobs: shown.map(blob),
      marker: shown.length < found.length ? (shown.at(-1) ?? null) : null,
      servedAt: new Date(1),
    };
  };
  return { page, asked };
}
const isShown = (text: string) =>
  [...text].every(
    (character) => (character >= ' ' && !'\ufffe\uffff'.includes(character)) || character === '\t',
  );
const blob = (name: string) => ({
  name,
  etag: '1',
  size: 1,
  contentType: null,
  contentMd5: null,
  lastModified: new Date(0),
  isCopying: false,
  isArchived: false,
  metadata: {},
});

describe('B13: names that cannot be listed hide no others', () => {
  test('wherever they are, in Latin letters', async () => {
    const character = fc.constantFrom('a', 'b', 'z', '/', '.', ' ', '~', 'é', 'ü', '\u0001', '\u001f', '\t');
    const name = fc.array(character, { minLength: 1, maxLength: 6 }).map((parts) => parts.join(''));
    const names = fc.uniqueArray(name, { minLength: 1, maxLength: 40 });
    const prefix = fc.constantFrom('', 'a', 'b/');
    await fc.assert(
      fc.asyncProperty(names, prefix, fc.integer({ min: 1, max: 50 }), async (given, start, size) => {
        const usable = given.filter((one) => isListable(one) && one.startsWith(start)).sort();
        const lister = new Lister(emulator(new Set(given)), new SimulatedClock());
        for (const _round of ['found', 'remembered']) {
          const { names: listed, skipped } = await all(lister, { prefix: start, size });
          expect(listed.filter(isListable)).toEqual(usable);
          expect(skipped).toBe(0);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('and in other scripts, unless it is told that some may be hidden', async () => {
    const character = fc.constantFrom('a', '~', 'é', 'я', '猫', '鳥', '😀', '\ufffd', '\u0001');
    const name = fc.array(character, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(name, { minLength: 1, maxLength: 15 }), async (given) => {
        const usable = given.filter(isListable).sort();
        const { names, skipped } = await all(new Lister(emulator(new Set(given)), new SimulatedClock()));
        const missed = usable.filter((one) => !names.includes(one));
        expect(names.filter((one) => !usable.includes(one))).toEqual([]);
        if (missed.length > 0) expect(skipped).toBeGreaterThan(0);
      }),
      { numRuns: 100 },
    );
  });

  test('a way that is known is not looked for again, until it is forgotten', async () => {
    const names = new Set([...Array.from({ length: 30 }, (_, i) => `${i}.jpg`), 'x\u0001.jpg', 'y.jpg']);
    const storage = emulator(names);
    const clock = new SimulatedClock();
    const lister = new Lister(storage, clock);
    const asking = async () => {
      const before = storage.asked.length;
      const listed = await all(lister);
      return { ...listed, questions: storage.asked.length - before };
    };
    const first = await asking();
    const second = await asking();
    expect(second.names).toEqual(first.names);
    expect(second.questions).toBeLessThan(20);
    expect(first.questions).toBeGreaterThan(2 * second.questions);

    // What comes in between is found when the way is looked for anew.
    names.add('x 2.jpg');
    names.add('xx.jpg');
    clock.advance(61_000);
    expect((await asking()).names).toEqual(['x 2.jpg', 'xx.jpg', ...first.names].sort());
  });

  test('and when the name is gone, pages are whole again', async () => {
    const names = new Set(['a.jpg', 'b\u0001.jpg', 'c.jpg', 'd.jpg']);
    const storage = emulator(names);
    const clock = new SimulatedClock();
    const lister = new Lister(storage, clock);
    await all(lister);
    names.delete('b\u0001.jpg');
    names.delete('c.jpg');
    clock.advance(61_000);
    const before = storage.asked.length;
    expect((await all(lister)).names).toEqual(['a.jpg', 'd.jpg']);
    expect(storage.asked.length - before).toBe(1);
  });
});

describe('a storage that fails for another reason', () => {
  test.each([
    [
      'an error of another kind',
      new FailedError('storage-unavailable', { cause: new RestError('', { statusCode: 403 }) }),
    ],
    ['no answer', new FailedError('storage-unavailable')],
  ])('is asked once: %s', async (_reason, error) => {
    let asked = 0;
    const page = async () => {
      asked++;
      throw error;
    };
    await expect(new Lister({ page }, new SimulatedClock()).page({ size: 5000 })).rejects.toBe(error);
    expect(asked).toBe(1);
  });

  test('and whose markers are no names is not asked much', async () => {
    const error = new FailedError('storage-unavailable', { cause: new RestError('', { statusCode: 500 }) });
    let asked = 0;
    const page = async ({ marker }: PageOptions) => {
      asked++;
      throw marker === undefined ? error : new RefusedError('invalid-request');
    };
    await expect(new Lister({ page }, new SimulatedClock()).page({ size: 5000 })).rejects.toBe(error);
    expect(asked).toBeLessThan(20);
  });

  test('for a moment only is listed as if nothing had been', async () => {
    const storage = emulator(new Set(['a', 'b', 'c']));
    const error = new FailedError('storage-unavailable', { cause: new RestError('', { statusCode: 500 }) });
    let failures = 3;
    const page = async (options: PageOptions) => {
      if (failures-- > 0) throw error;
      return storage.page(options);
    };
    expect(await all(new Lister({ page }, new SimulatedClock()))).toEqual({
      names: ['a', 'b', 'c'],
      skipped: 0,
    });
  });
});

describe('B13 on Azurite', () => {
  let azurite: Awaited<ReturnType<typeof startAzurite>>;
  let container: ContainerClient;
  beforeAll(async () => {
    azurite = await startAzurite();
    const service = await connectStorage({ connectionString: azurite.connectionString });
    container = service.getContainerClient('images');
    await container.create();
  });
  afterAll(() => azurite.close());

  test('every image is found although two names break every listing', async () => {
    const good = [
      'a.jpg',
      'b 1.jpg',
      'b.jpg',
      'bc.jpg',
      'e\u0301.jpg',
      'in/cat.jpg',
      'in/catalogue.jpg',
      'z.jpg',
    ];
    const bad = ['b\u0001.jpg', 'z/\u001f.jpg'];
    for (const name of [...good, ...bad]) await container.getBlockBlobClient(name).upload('x', 1);
    const blobs = new AzureBlobs(container);
    await expect(blobs.page({ size: 5000 })).rejects.toThrow('storage-unavailable');
    const found: string[] = [];
    for await (const { image } of listImages(new Lister(blobs, new SimulatedClock()), { prefix: '' })) {
      found.push(image.name);
    }
    expect(found.sort()).toEqual(good.sort());
  });
});
