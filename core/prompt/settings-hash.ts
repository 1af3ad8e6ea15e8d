import { createHash } from 'node:crypto';
import type { VisionFeature, VisionProvider } from '../vision/vision.ts';
import { COMPOSER_VERSION, type ComposeOptions } from './compose.ts';
import { SCHEMA_VERSION, type Target } from './document.ts';

export interface PromptSettings extends ComposeOptions {
  readonly provider: VisionProvider;
  readonly model: string | null;
  readonly features: readonly VisionFeature[];
  readonly language: string;
  readonly defaultTarget: Target;
}

/** SHA-256 in hex of everything that decides what a prompt document of given bytes says. Lists count as sets. */
export function settingsHash(settings: PromptSettings): string {
  const { provider, model, features, language, targets, defaultTarget } = settings;
  const { prefix, suffix, triggerWord, midjourneyVersion } = settings;
  const decisive = [
    ['composer', COMPOSER_VERSION],
    ['defaultTarget', defaultTarget],
    ['features', [...new Set(features)].sort()],
    ['language', language],
    ['midjourneyVersion', midjourneyVersion],
    ['model', model],
    ['prefix', prefix ?? ''],
    ['provider', provider],
    ['schema', SCHEMA_VERSION],
    ['suffix', suffix ?? ''],
    ['targets', [...new Set(targets)].sort()],
    ['triggerWord', triggerWord ?? ''],
  ];
  return createHash('sha256').update(JSON.stringify(decisive)).digest('hex');
}
