import { beforeEach, describe, expect, test } from '@jest/globals';
import { RefusedError } from '../../../core/errors.ts';
import { Analyses, CLAIM_MS, type Claim } from '../../../core/store/analyses.ts';
import { type AnalysisKey, analysisName } from '../../../core/store/analysis-blob.ts';
import { type Analysis, NOTHING_FOUND } from '../../../core/vision/vision.ts';
import { type Call, type Fate, faultyBlobs } from '../../memory/faults.ts';
import { MemoryBlobs } from '../../memory/memory-blobs.ts';
import { SimulatedClock } from '../../simulated-clock.ts';

const KEY: AnalysisKey = {
  sha256: 'a'.repeat(64),
  provider: 'azure-vision',
  model: null,
  features: ['caption', 'tags'],
  language: 'en',
};
const NAME = analysisName(KEY);
const ANALYSIS: Analysis = { ...NOTHING_FOUND, provider: 'azure-vision', degraded: false, reason: null };

const signal = new AbortController().signal;
let clock: SimulatedClock;
let state: MemoryBlobs;
let analyses: Analyses;

beforeEach(() => {
  clock = new SimulatedClock();
  state = new MemoryBlobs(clock, 'prompt-state');
  analyses = new Analyses(state, clock);
});

/** Analyses of a process of which the next calls have these fates. */
function withFates(fates: Partial<Record<Call['operation'], Fate[]>>): Analyses {
  const faulty = faultyBlobs(state, ({ operation }) => fates[operation]?.shift() ?? 'ok');
  return new Analyses(faulty, clock);
}

async function claim(of: Analyses = analyses): Promise<Claim> {
  const held = await of.claim(KEY, signal);
  if (held.status !== 'claimed') throw new Error(`it is ${held.status}`);
  return held.claim;
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

async function pass(ms: number): Promise<void> {
  for (const end = clock.elapsed() + ms; clock.elapsed() < end; ) {
    clock.advance(Math.min(clock.untilNext(), end - clock.elapsed()));
    await settled();
  }
}

describe('a content', () => {
  test('is claimed by one, whose result everyone after has', async () => {
    const held = await claim();
    expect(await analyses.claim(KEY, signal)).toEqual({ status: 'taken', forMs: CLAIM_MS });
    expect(await held.finish({ analysis: ANALYSIS })).toBe(true);
    expect(await analyses.claim(KEY, signal)).toEqual({ status: 'known', analysis: ANALYSIS });
  });

  test('that is refused for good stays refused, with what was said of it', async () => {
    const held = await claim();
    await held.finish({ refusal: new RefusedError('content-filtered', { detail: 'Declined.' }) });
    const known = await analyses.claim(KEY, signal);
    expect(known).toMatchObject({ refusal: { code: 'content-filtered', detail: 'Declined.' } });
  });

  test('is another one with other features, language, model or provider, but not with features in another order', () => {
    const others = [
      { ...KEY, features: ['caption'] as const },
      { ...KEY, language: 'de' },
      { ...KEY, model: 'x' },
      { ...KEY, provider: 'openai' as const },
      { ...KEY, sha256: 'b'.repeat(64) },
    ];
    expect(new Set([NAME, ...others.map(analysisName)]).size).toBe(6);
    expect(analysisName({ ...KEY, features: ['tags', 'caption', 'tags'] })).toBe(NAME);
  });

  test('whose blob is not whole or not ours is claimed over it', async () => {
    await state.write(NAME, Buffer.from('{"state":"claim"'), { contentType: 'x', condition: 'new' });
    const held = await claim();
    await held.release();
    expect(await state.head(NAME)).toBeNull();
  });
});

describe('a claim', () => {
  test('is renewed while its owner works, and never expires under him', async () => {
    const held = await claim();
    await pass(10 * CLAIM_MS);
    expect(await analyses.claim(KEY, signal)).toMatchObject({ status: 'taken' });
    expect(held.lost.aborted).toBe(false);
    await held.release();
  });

  test('that is given back can be had at once, and is not renewed any more', async () => {
    await (await claim()).release();
    expect(await state.head(NAME)).toBeNull();
    await pass(CLAIM_MS);
    expect(await state.head(NAME)).toBeNull();
  });

  test('P1: of a process that died is taken over when it expires, not before', async () => {
    await claim(withFates({ write: ['ok', 'dies'] }));
    await pass(CLAIM_MS - 1_000);
    expect(await analyses.claim(KEY, signal)).toEqual({ status: 'taken', forMs: 1_000 });
    await pass(1_000);
    await (await claim()).release();
  });

  test('P4: expires by the time of the service, wherever the clock of this machine is set', async () => {
    await claim(withFates({ write: ['ok', 'dies'] }));
    clock.set(3_600_000);
    expect(await analyses.claim(KEY, signal)).toMatchObject({ status: 'taken' });
    clock.set(-2 * 3_600_000);
    await pass(CLAIM_MS);
    expect(await analyses.claim(KEY, signal)).toMatchObject({ status: 'claimed' });
  });

  test('P5: that was taken over tells its owner at the next renewal, and refuses his result', async () => {
    const fates: Fate[] = ['ok', 'fails', 'fails', 'fails'];
    const asleep = await claim(withFates({ write: fates }));
    await pass(CLAIM_MS);
    const taken = await claim();
    await pass(10_000);
    expect(asleep.lost.aborted).toBe(true);
    expect(await asleep.finish({ analysis: ANALYSIS })).toBe(false);
    expect(await taken.finish({ analysis: ANALYSIS })).toBe(true);
  });

  test('P5: that was taken over is not removed by its former owner', async () => {
    const asleep = await claim(withFates({ write: ['ok', 'fails', 'fails', 'fails'] }));
    await pass(CLAIM_MS);
    const taken = await claim();
    await asleep.release();
    expect(taken.lost.aborted).toBe(false);
    expect(await taken.finish({ analysis: ANALYSIS })).toBe(true);
  });

  test('S4: is known again by its owner where the answer to it was lost', async () => {
    const held = await claim(withFates({ write: ['repeated'] }));
    expect(await held.finish({ analysis: ANALYSIS })).toBe(true);
  });

  test.each<[string, Fate[]]>([
    ['the renewal before it', ['ok', 'lost', 'ok']],
    ['the renewal before it, which was repeated', ['ok', 'repeated', 'ok']],
    ['itself', ['ok', 'ok', 'repeated']],
  ])('S4: is finished where the answer to %s was lost', async (_, write) => {
    const held = await claim(withFates({ write }));
    await pass(10_000);
    expect(await held.finish({ analysis: ANALYSIS })).toBe(true);
    expect(await analyses.claim(KEY, signal)).toMatchObject({ status: 'known' });
  });

  test('S2: outlives a storage that does not answer a renewal', async () => {
    const held = await claim(withFates({ write: ['ok', 'fails'], read: ['fails'] }));
    await pass(CLAIM_MS);
    expect(held.lost.aborted).toBe(false);
    expect(await held.finish({ analysis: ANALYSIS })).toBe(true);
  });

  test('is not finished with what says nothing lasting of the image', async () => {
    const held = await claim();
    await expect(held.finish({ refusal: new RefusedError('invalid-request') })).rejects.toThrow('lasting');
  });
});
