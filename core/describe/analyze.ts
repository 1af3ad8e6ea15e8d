import { type Clock, dateIn } from '../clock.ts';
import { DeferredError, FailedError, RefusedError } from '../errors.ts';
import type { Analyses, Claim } from '../store/analyses.ts';
import { type AnalysisKey, isLasting, type Result } from '../store/analysis-blob.ts';
import type { ImageTelemetry } from '../telemetry/images.ts';
import { inSpan } from '../telemetry/spans.ts';
import { ATTRIBUTES, SPANS } from '../telemetry.ts';
import type { Analysis, Vision, VisionImage } from '../vision/vision.ts';

export interface AnalyzeSettings {
  readonly vision: Vision;
  /** Null for a provider that costs nothing: its answers are neither claimed nor kept. */
  readonly analyses: Analyses | null;
  readonly clock: Clock;
  readonly telemetry: ImageTelemetry;
}

export interface AnalyzeRequest {
  readonly picture: VisionImage;
  readonly key: AnalysisKey;
  /** So many milliseconds someone else's claim is waited for. */
  readonly patience: number;
  readonly signal: AbortSignal;
}

export interface Analyzed {
  readonly analysis: Analysis;
  /** It was paid for before. */
  readonly reused: boolean;
}

/** How often a waiting caller looks whether the result is there. */
const LOOK_AGAIN_MS = 500;

/** Claims lost in a row: someone takes them from us faster than the provider answers. */
const MAX_LOST = 3;

/**
 * The analysis of a content: the one that is known, or else one that is paid for under a claim.
 * @throws RefusedError, FailedError and DeferredError as the provider does; DeferredError `image-claimed` while someone
 *   else is about to pay
 */
export async function analyze(settings: AnalyzeSettings, request: AnalyzeRequest): Promise<Analyzed> {
  const { vision, analyses, clock, telemetry } = settings;
  const { picture, key, patience, signal } = request;
  if (analyses === null) {
    // What guards a provider that costs something tells of it by itself.
    const attributes = { [ATTRIBUTES.provider]: vision.provider };
    const ask = () => vision.analyze(picture, { ...key, signal });
    return { analysis: await inSpan(SPANS.analyze, ask, { attributes }), reused: false };
  }
  const latest = clock.elapsed() + patience;
  for (let lost = 0; lost < MAX_LOST; ) {
    const held = await analyses.claim(key, signal);
    if (held.status === 'claimed') {
      const result = await pay(held.claim, settings, request);
      if (result !== 'lost') return analyzed(result, false);
      lost++;
    } else if (held.status === 'known') {
      telemetry.reused(vision.provider);
      return analyzed(held, true);
    } else if (clock.elapsed() + LOOK_AGAIN_MS <= latest) {
      await clock.sleep(LOOK_AGAIN_MS, signal);
    } else {
      throw new DeferredError('image-claimed', dateIn(clock, held.forMs));
    }
  }
  throw new DeferredError('image-claimed', dateIn(clock, LOOK_AGAIN_MS));
}

/** Asks the provider, and puts what it says in the claim's place. Whatever says nothing lasting gives the claim back. */
async function pay(
  claim: Claim,
  { vision }: AnalyzeSettings,
  { picture, key, signal }: AnalyzeRequest,
): Promise<Result | 'lost'> {
  try {
    const asked = { ...key, signal: AbortSignal.any([signal, claim.lost]) };
    const result = await vision.analyze(picture, asked).then((analysis) => ({ analysis }), refusal);
    // It is paid for, so nothing interrupts this; and where storage cannot keep it, this image has it all the same.
    const isKept = await claim.finish(result).catch(keepGoing);
    return isKept ? result : 'lost';
  } catch (error) {
    if (claim.lost.aborted && !signal.aborted) return 'lost';
    await claim.release();
    throw error;
  }
}

function refusal(error: unknown): Result {
  if (error instanceof RefusedError && isLasting(error)) return { refusal: error };
  throw error;
}

function keepGoing(error: unknown): true {
  if (error instanceof FailedError) return true;
  throw error;
}

function analyzed(result: Result, reused: boolean): Analyzed {
  if ('refusal' in result) throw result.refusal;
  return { analysis: result.analysis, reused };
}
