import type { Measurements } from '../image/image.ts';
import type { Fact, PromptDocument, Target } from './document.ts';
import { cleanText } from './safe-text.ts';
import { readScene } from './scene/scene.ts';
import type { MidjourneyVersion } from './targets/midjourney-versions.ts';
import { COMPOSERS } from './targets/registry.ts';

export interface ComposeOptions {
  readonly targets: readonly Target[];
  readonly prefix?: string | undefined;
  readonly suffix?: string | undefined;
  readonly triggerWord?: string | undefined;
  readonly midjourneyVersion: MidjourneyVersion;
}

export interface ComposeInput {
  readonly facts: readonly Fact[];
  readonly measurements: Measurements;
}

/** Raised whenever composing makes other prompts of the same facts. */
export const COMPOSER_VERSION = 2;

/** More than any model reads. */
const SETTING_LENGTH = 4000;

/** A prompt for each target asked for. The same facts give the same prompts, byte for byte; nothing is called. */
export function composePrompts(
  { facts, measurements }: ComposeInput,
  { targets, prefix = '', suffix = '', triggerWord = '', midjourneyVersion }: ComposeOptions,
): PromptDocument['prompts'] {
  const scene = readScene(facts.map(cleaned));
  const settings = {
    triggerWord: cleanText(triggerWord, SETTING_LENGTH),
    prefix: cleanText(prefix, SETTING_LENGTH),
    suffix: cleanText(suffix, SETTING_LENGTH),
    midjourneyVersion,
  };
  const asked = [...new Set(targets)].map((target) => [
    target,
    COMPOSERS[target]({ scene, measurements, settings }),
  ]);
  return Object.fromEntries(asked);
}

/** As our own documents have it; in one that a person wrote a text may be of any length, and readers expect lines. */
function cleaned(fact: Fact): Fact {
  return { ...fact, text: cleanText(fact.text) };
}
