import type { Target } from '../document.ts';
import { composeFlux1 } from './flux1.ts';
import { composeFlux2 } from './flux2.ts';
import { composeGptImage } from './gpt-image.ts';
import { composeMidjourney } from './midjourney.ts';
import { composePlain } from './plain.ts';
import { composeSd15 } from './sd15.ts';
import { composeSd35 } from './sd35.ts';
import { composeSdxl } from './sdxl.ts';
import type { ComposeTarget } from './target.ts';

/** A line per target. */
export const COMPOSERS: Readonly<Record<Target, ComposeTarget>> = {
  plain: composePlain,
  sd15: composeSd15,
  sdxl: composeSdxl,
  sd35: composeSd35,
  flux1: composeFlux1,
  flux2: composeFlux2,
  midjourney: composeMidjourney,
  'gpt-image': composeGptImage,
};
