import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { errorName, nameFault, promptName } from '../../../../core/store/names.ts';
import { writeError, writePrompt } from '../../../../core/store/prompts.ts';
import { ERROR_LABELS, House, inPages, over, PROMPT_LABELS } from '../swept.ts';

/** What stands beside a name, or does not. `due` and `waits` are of failures that are tried again. */
interface Given {
  readonly name: string;
  readonly image: boolean;
  readonly prompt: 'none' | 'present' | 'stale' | 'person';
  readonly error: 'none' | 'refused' | 'due' | 'waits' | 'stale';
}

// Few letters, so that names often begin with each other: `a.jpg`, `a.jpga.jpg`, `a.jpg.prompt.json`.
const name = fc
  .array(
    fc.stringMatching(/^[a.\-/]{0,3}$/).map((stem) => `x${stem}.jpg`),
    { minLength: 1, maxLength: 3 },
  )
  .map((parts) => parts.join(''))
  .filter((joined) => nameFault(joined) === null);

const given: fc.Arbitrary<Given> = fc.record({
  name,
  image: fc.boolean(),
  prompt: fc.constantFrom('none', 'present', 'stale', 'person'),
  error: fc.constantFrom('none', 'refused', 'due', 'waits', 'stale'),
});

/** What a sweep should make of it, thought through name by name. */
function expected({ name: image, image: isThere, prompt, error }: Given) {
  const answers = prompt === 'present' || prompt === 'person';
  if (!isThere) return { queued: null, prompt: prompt === 'person', error: false };
  if (answers) return { queued: null, prompt: true, error: false };
  if (error === 'none' || error === 'stale') {
    return { queued: [image, 0], prompt: prompt === 'stale', error: error === 'stale' };
  }
  return { queued: error === 'due' ? [image, 4] : null, prompt: false, error: true };
}

test('a sweep over any names, in pages of any size, cut anywhere, does what each image needs, and once', async () => {
  const cuts = fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 3 });
  const names = fc.uniqueArray(given, { selector: (one) => one.name, maxLength: 10 });
  await fc.assert(
    fc.asyncProperty(names, fc.integer({ min: 1, max: 9 }), cuts, async (all, size, cutAfter) => {
      const house = new House();
      for (const one of all) await place(house, one);
      for (const cut of cutAfter) await sweepUntil(house, size, cut);
      expect(await house.sweep({ blobs: inPages(house.blobs, size) })).toMatchObject({ status: 'done' });
      const wanted = all.map((one) => ({ name: one.name, ...expected(one) }));
      const events = (await house.take()).map((event) => [event.name, event.tries ?? 0]);
      // Whatever was cut begins its page again, or comes round again: twice is no harm, never is.
      const unique = [...new Set(events.map((event) => JSON.stringify(event)))].sort();
      expect(unique).toEqual(wanted.flatMap(({ queued }) => (queued ? [JSON.stringify(queued)] : [])).sort());
      if (cutAfter.length === 0) expect(events).toHaveLength(unique.length);
      for (const want of wanted) {
        const found = {
          prompt: (await house.blobs.head(promptName(want.name))) !== null,
          error: (await house.blobs.head(errorName(want.name))) !== null,
        };
        expect({ name: want.name, ...found }).toEqual({
          name: want.name,
          prompt: want.prompt,
          error: want.error,
        });
      }
    }),
    { numRuns: 400 },
  );
});

async function place(house: House, { name: image, image: isThere, prompt, error }: Given): Promise<void> {
  const { blobs, clock } = house;
  const etag = await house.drop(image);
  const options = { condition: 'new' } as const;
  const madeFrom = (is: string) => (is === 'stale' ? 'before' : etag);
  if (prompt === 'person') await house.drop(promptName(image));
  else if (prompt !== 'none') {
    await writePrompt(blobs, image, {}, { ...PROMPT_LABELS, sourceEtag: madeFrom(prompt) }, options);
  }
  if (error !== 'none') {
    const next = clock.elapsed() + (error === 'waits' ? 60_000 : -60_000);
    const retryable = error === 'due' || error === 'waits';
    const nextTryAt = retryable ? new Date(next).toISOString() : null;
    const labels = { ...ERROR_LABELS, retryable, nextTryAt, sourceEtag: madeFrom(error) };
    await writeError(blobs, image, {}, labels, options);
  }
  if (!isThere) await blobs.remove(image);
}

async function sweepUntil(house: House, size: number, pages: number): Promise<void> {
  const stop = new AbortController();
  const paged = inPages(house.blobs, size);
  let seen = 0;
  const blobs = over(paged, {
    async page(options) {
      const page = await paged.page(options);
      if (++seen === pages) stop.abort();
      return page;
    },
  });
  await house.sweep({ blobs, signal: stop.signal });
}
