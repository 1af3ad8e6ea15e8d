import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { BlobProperties, Blobs } from '../../../core/store/blobs.ts';
import { ownerOf, promptName } from '../../../core/store/names.ts';
import { isMadeFrom, isOurs, writeError, writePrompt } from '../../../core/store/prompts.ts';
import { ERROR_LABELS, House, inPages, over, PROMPT_LABELS } from './swept.ts';

/** Two runs of housekeeping at once, while people and workers do what they do: nothing is removed that should not be. */

const DAY_MS = 24 * 60 * 60_000;

const NAMES = ['a.jpg', 'a.jpg-2.jpg', 'b/c.png', 'notes.txt'] as const;
const name = fc.constantFrom(...NAMES);

/** Something that happens beside the runs, after so many calls of storage. */
const act = fc.record({
  after: fc.integer({ min: 1, max: 20 }),
  name,
  kind: fc.constantFrom('drop', 'delete', 'describe', 'fail', 'edit', 'touch', 'sleep'),
});
type Act = { readonly after: number; readonly name: string; readonly kind: string };

async function perform(house: House, { name: image, kind }: Act): Promise<void> {
  const { blobs, clock } = house;
  if (kind === 'drop') await house.drop(image, Buffer.from(`${image} at ${clock.now()}`));
  if (kind === 'delete') await blobs.remove(image);
  if (kind === 'touch') blobs.touch(image);
  if (kind === 'sleep') clock.advance(DAY_MS);
  if (kind === 'edit')
    await blobs.write(promptName(image), Buffer.from(`a person's ${clock.now()}`), {
      ...{ contentType: 'application/json', condition: 'any' },
    });
  const found = await blobs.head(image);
  const sourceEtag = found?.etag ?? 'gone';
  if (kind === 'describe') {
    const before = await blobs.head(promptName(image));
    if (before && !isOurs(before)) return;
    await writePrompt(...([blobs, image, { at: clock.now() }, { ...PROMPT_LABELS, sourceEtag }] as const), {
      condition: before ? { etag: before.etag } : 'new',
    });
  }
  if (kind === 'fail') {
    const labels = { ...ERROR_LABELS, sourceEtag, nextTryAt: null };
    await writeError(blobs, image, {}, labels, { condition: 'any' });
  }
}

/** Why a removal by housekeeping was wrong, as things stood at that moment; null where it was right. */
async function wrongness(house: House, removed: string, blob: BlobProperties): Promise<string | null> {
  const owner = ownerOf(removed);
  if (owner === null) return 'it is no prompt and no error';
  if (!isOurs(blob)) return "it is a person's";
  const image = await house.blobs.head(owner.image);
  if (image === null || !isMadeFrom(blob, image.etag)) return null;
  // Of a prompt and an error, both of what is there, one may go.
  const prompt = await house.blobs.head(promptName(owner.image));
  return owner.kind === 'error' && prompt ? null : 'it is the answer of an image that is there';
}

/** The container, in which something happens before each call, and every removal is judged. */
function watched(house: House, acts: readonly Act[], wrong: string[]): Blobs {
  let calls = 0;
  const blobs = inPages(house.blobs, 2);
  const before = async () => {
    await turn();
    calls++;
    const due = acts.filter(({ after }) => after === calls);
    for (const each of due) await perform(house, each);
  };
  return over(blobs, {
    async head(blob, signal) {
      await before();
      return blobs.head(blob, signal);
    },
    async read(blob, options) {
      await before();
      return blobs.read(blob, options);
    },
    async page(options) {
      await before();
      return blobs.page(options);
    },
    async remove(blob, options) {
      await before();
      const there = await blobs.head(blob);
      const fault = there && (await wrongness(house, blob, there));
      const isRemoved = await blobs.remove(blob, options);
      if (isRemoved && fault) wrong.push(`${blob}: ${fault}`);
      return isRemoved;
    },
  });
}

test('nothing is removed but what is ours, of what is gone or beside the truth, whatever happens meanwhile', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(act, { maxLength: 12 }),
      fc.array(act, { maxLength: 25 }),
      async (first, during) => {
        const house = new House();
        for (const each of first) await perform(house, each);
        const wrong: string[] = [];
        const others = { blobs: watched(house, during, wrong) };
        await Promise.all([house.housekeep({}, { others }), house.housekeep({}, { others })]);
        house.clock.advance(DAY_MS);
        await Promise.all([house.housekeep({}, { others }), house.housekeep({}, { others })]);
        expect(wrong).toEqual([]);
        // And what is left for good, once nothing happens any more, is told as it is.
        house.clock.advance(DAY_MS);
        await house.housekeep();
        const catalog = await house.catalog();
        const { blobs } = await house.blobs.page({ size: 100 });
        const images = blobs.filter((blob) => /\.(jpg|png|webp)$/.test(blob.name));
        expect(catalog).toMatchObject({ complete: true, images: { count: images.length } });
      },
    ),
    { numRuns: process.env.LONG ? 2_000 : 150 },
  );
});
