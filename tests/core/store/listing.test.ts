import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ListedBlob } from '../../../core/store/blobs.ts';
import { type ListedImage, ListingJoin } from '../../../core/store/listing.ts';
import { errorName, promptName } from '../../../core/store/names.ts';

function blob(name: string, metadata: Record<string, string> = {}): ListedBlob {
  return {
    name,
    etag: '1',
    size: 1,
    contentType: null,
    contentMd5: null,
    lastModified: new Date(0),
    isCopying: false,
    isArchived: false,
    metadata,
  };
}

function join(names: readonly string[]): ListedImage[] {
  const listing = new ListingJoin('');
  return [...names.toSorted().flatMap((name) => listing.push(blob(name))), ...listing.end()];
}

describe('images are joined with what stands beside them', () => {
  test('although other images stand between an image and its prompt', () => {
    const found = join([
      'cat.jpg',
      'cat.jpg-2.jpg',
      'cat.jpg-2.jpg.prompt.json',
      'cat.jpg.prompt.json',
      'dog.jpg',
    ]);
    expect(found.map(({ image, prompt }) => [image.name, prompt?.name])).toEqual([
      ['cat.jpg-2.jpg', 'cat.jpg-2.jpg.prompt.json'],
      ['cat.jpg', 'cat.jpg.prompt.json'],
      ['dog.jpg', undefined],
    ]);
  });

  test('and what is no image joins nothing', () => {
    expect(join(['a.pdf', 'a.txt', 'gone.jpg.prompt.json', 'x.jpg.xmp'])).toEqual([]);
  });

  test('folders of accounts with a hierarchical namespace are no images', () => {
    expect(new ListingJoin('').push(blob('folder.jpg', { hdi_isfolder: 'true' }))).toEqual([]);
  });

  test('for any names', () => {
    // Few letters, so that names often begin with each other.
    const name = fc.stringMatching(/^[a.\-/]{0,4}$/).map((stem) => `${stem}.jpg`);
    const nested = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(''));
    const image = fc.record({ name: nested, prompt: fc.boolean(), error: fc.boolean() });
    fc.assert(
      fc.property(fc.uniqueArray(image, { selector: (one) => one.name, maxLength: 12 }), (images) => {
        const names = images.flatMap(({ name: own, prompt, error }) => [
          own,
          ...(prompt ? [promptName(own)] : []),
          ...(error ? [errorName(own)] : []),
        ]);
        const found = join(names).map((listed) => ({
          name: listed.image.name,
          prompt: listed.prompt?.name === promptName(listed.image.name),
          error: listed.error?.name === errorName(listed.image.name),
        }));
        const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
        expect(found.toSorted(byName)).toEqual(images.toSorted(byName));
      }),
    );
  });
});
