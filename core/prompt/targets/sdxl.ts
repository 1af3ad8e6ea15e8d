import { negativePhrases } from '../forms/negative.ts';
import { composeForClip, topics } from '../forms/phrase-prompt.ts';
import type { ComposeTarget } from './target.ts';

/** Comma phrases; both of its CLIP encoders read the same 75 tokens. */
export const composeSdxl: ComposeTarget = ({ scene: whole, settings }) => {
  const scene = whole.limited({
    detail: 8,
    topic: topics(whole),
    lettering: 2,
    palette: 3,
    format: 0,
    body: 0,
  });
  return composeForClip({ scene, settings, negativePrompt: negativePhrases(scene).join(', ') });
};
