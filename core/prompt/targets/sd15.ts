import { negativePhrases } from '../forms/negative.ts';
import { composeForClip, topics } from '../forms/phrase-prompt.ts';
import type { ComposeTarget } from './target.ts';

/** What the model is known to get wrong, more often than its successors. */
const FLAWS = ['worst quality', 'low quality', 'deformed'];

/** Comma phrases within CLIP's 75 tokens. The model draws scribbles for letters, so what was read is left out. */
export const composeSd15: ComposeTarget = ({ scene: whole, settings }) => {
  const scene = whole.limited(
    { detail: 8, topic: topics(whole), lettering: 0, palette: 3, format: 0, body: 0 },
    { lettering: 'the model cannot draw letters' },
  );
  const negativePrompt = [...FLAWS, ...negativePhrases(whole)].join(', ');
  return composeForClip({ scene, settings, negativePrompt });
};
