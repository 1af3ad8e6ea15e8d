import type { Target } from '../document.ts';
import { composeFlux2 } from './flux2.ts';
import { composeMidjourney } from './midjourney.ts';
import { composePlain } from './plain.ts';
import { composeSdxl } from './sdxl.ts';
import type { ComposeTarget } from './target.ts';

/** A line per target. */
export const COMPOSERS: Readonly<Record<Target, ComposeTarget>> = {
  plain: composePlain,
  sdxl: composeSdxl,
  flux2: composeFlux2,
  midjourney: composeMidjourney,
};
