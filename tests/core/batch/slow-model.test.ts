import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { describeItem } from '../../../core/batch/describe-item.ts';
import { FailedError, type FailureCode } from '../../../core/errors.ts';
import { ATTEMPT_MS } from '../../../core/program.ts';
import { errorName } from '../../../core/store/names.ts';
import { guardVision } from '../../../core/vision/guard/guard.ts';
import type { Vision } from '../../../core/vision/vision.ts';
import { ASKED, Workplace } from './workplace.ts';

/** How long an image of a batch can take, beside the time after which the Functions host ends what it started. */

/** Of the host's time: for a claim that is waited for before, what a step did before this image, and storage. */
const KEPT_FREE_MS = 60_000;

interface Call {
  readonly ms: number;
  readonly code: FailureCode;
}

const HANGS: Call = { ms: Number.POSITIVE_INFINITY, code: 'internal' };

/** One image, by the slowest provider there is, whose calls end as told; all others hang. */
async function take(place: Workplace, calls: readonly Call[] = []) {
  const { clock } = place;
  const batching = place.batching();
  let begun = 0;
  const slow: Vision = {
    ...batching.settings.vision,
    async analyze(_picture, { signal }) {
      const { ms, code } = calls[begun++] ?? HANGS;
      await clock.sleep(ms, signal);
      throw new FailedError(code);
    },
  };
  const vision = guardVision(slow, { callsPerSecond: 10, attemptMs: ATTEMPT_MS.openai, clock });
  const from = clock.elapsed();
  const described = describeItem(
    'a.jpg',
    ASKED,
    { ...batching, settings: { ...batching.settings, vision } },
    new AbortController().signal,
  );
  const outcome = await clock.runUntilSettled(described);
  return { outcome, begun, ms: clock.elapsed() - from };
}

async function functionTimeout(): Promise<number> {
  const text = await readFile(new URL('../../../host.json', import.meta.url), 'utf8');
  const [hours = 0, minutes = 0, seconds = 0] = JSON.parse(text).functionTimeout.split(':').map(Number);
  return ((hours * 60 + minutes) * 60 + seconds) * 1_000;
}

async function codeOf(place: Workplace): Promise<string | undefined> {
  return (await place.blobs.head(errorName('a.jpg')))?.metadata.code;
}

test('a model that never answers has failed after one call, long before the host ends the function', async () => {
  const place = new Workplace();
  await place.drop('a.jpg');
  const { outcome, begun, ms } = await take(place);
  expect(outcome).toMatchObject({ count: 'failed' });
  expect(begun).toBe(1);
  expect(await codeOf(place)).toBe('vision-timeout');
  expect(ms).toBeLessThan((await functionTimeout()) - KEPT_FREE_MS);
});

test('nor does one that fails as late as another call may begin, and then hangs', async () => {
  const place = new Workplace();
  await place.drop('a.jpg');
  const { outcome, begun, ms } = await take(place, [
    { ms: 43_500, code: 'vision-bad-response' },
    { ms: 43_500, code: 'vision-unavailable' },
  ]);
  expect(outcome).toMatchObject({ count: 'failed' });
  expect(begun).toBe(3);
  expect(await codeOf(place)).toBe('vision-timeout');
  expect(ms).toBeLessThan((await functionTimeout()) - KEPT_FREE_MS);
});

test('what fails at once is tried three times, and its failure is written down', async () => {
  const place = new Workplace();
  await place.drop('a.jpg');
  const bad = { ms: 100, code: 'vision-bad-response' } as const;
  const { outcome, begun } = await take(place, [bad, bad, bad]);
  expect(outcome).toMatchObject({ count: 'failed' });
  expect(begun).toBe(3);
  expect(await codeOf(place)).toBe('vision-bad-response');
});
