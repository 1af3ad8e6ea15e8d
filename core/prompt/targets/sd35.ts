import { naturalOpening, naturalSentences } from '../forms/natural.ts';
import { negativePhrases } from '../forms/negative.ts';
import { composeSentences } from '../forms/sentence-prompt.ts';
import { paletteSentence } from '../forms/sentences.ts';
import { T5 } from '../forms/tokens.ts';
import type { ComposeTarget } from './target.ts';

/**
 * Sentences. T5 reads 256 tokens of them unless it is told to read more; the two CLIP encoders read the first 75, which
 * hold the subject because it comes first.
 */
const ROOM = { tokens: T5.room, words: 90 };

export const composeSd35: ComposeTarget = ({ scene: whole, settings }) => {
  const scene = whole.limited({ detail: 5, topic: 0, lettering: 3, palette: 3, format: 0, body: 0 });
  return composeSentences({
    sentences: naturalSentences(scene, { opening: naturalOpening(scene), colors: paletteSentence(scene) }),
    negativePrompt: negativePhrases(scene).join(', '),
    scene,
    settings,
    room: ROOM,
    limit: T5.limit,
  });
};
