import { createVision } from '../../../../core/vision/create.ts';
import { type Analysis, VISION_FEATURES, type VisionFeature } from '../../../../core/vision/vision.ts';
import type { VisionServer } from '../../../faults/vision-server.ts';
import { picture } from '../picture.ts';

interface Ask {
  readonly features?: readonly VisionFeature[];
  readonly language?: string;
  readonly modelVersion?: string;
}

/** Has the provider ask this service about a picture. */
export function analyzeBy(
  { endpoint, key }: VisionServer,
  { features = VISION_FEATURES, language = 'en', modelVersion }: Ask = {},
): Promise<Analysis> {
  const vision = createVision({ provider: 'azure-vision', endpoint, key, modelVersion });
  return vision.analyze(picture(), { features, language, signal: new AbortController().signal });
}
