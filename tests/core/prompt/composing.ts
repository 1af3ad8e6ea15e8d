import type { InspectedImage, Measurements } from '../../../core/image/image.ts';
import { type ComposeOptions, composePrompts } from '../../../core/prompt/compose.ts';
import { type ComposedPrompt, TARGETS, type Target } from '../../../core/prompt/document.ts';
import { collectFacts } from '../../../core/prompt/facts.ts';
import { DEFAULT_MIDJOURNEY } from '../../../core/prompt/targets/midjourney-versions.ts';
import type { Analysis } from '../../../core/vision/vision.ts';
import { image, measurements, NOTHING_SEEN } from './samples.ts';

export interface Case extends Partial<Omit<ComposeOptions, 'targets'>> {
  readonly of?: InspectedImage | undefined;
  readonly look?: Measurements | undefined;
  readonly analysis?: Analysis | undefined;
}

/** Composes as a document does: facts first. */
export function compose(
  target: Target,
  { of = image(), look = measurements(), analysis = NOTHING_SEEN, ...options }: Case,
) {
  const facts = collectFacts({ image: of, measurements: look, analysis });
  const asked = { midjourneyVersion: DEFAULT_MIDJOURNEY, ...options, targets: TARGETS };
  const composed = composePrompts({ facts, measurements: look }, asked)[target];
  if (!composed) throw new Error(`no prompt for ${target}`);
  return { ...composed, facts };
}

export const prompt = (target: Target, input: Case) => compose(target, input).prompt;
export const reasons = ({ dropped }: ComposedPrompt) =>
  dropped.map(({ text, reason }) => `${text}: ${reason}`);
