import { naturalOpening, naturalSentences } from '../forms/natural.ts';
import { composeSentences } from '../forms/sentence-prompt.ts';
import { paletteSentence } from '../forms/sentences.ts';
import { T5 } from '../forms/tokens.ts';
import type { ComposeTarget } from './target.ts';

/** Sentences. FLUX.1 [schnell] reads 256 tokens, [dev] twice as many; weights are ignored and there is no negative prompt. */
const ROOM = { tokens: T5.room, words: 90 };

export const composeFlux1: ComposeTarget = ({ scene: whole, settings }) => {
  const scene = whole.limited({ detail: 5, topic: 0, lettering: 3, palette: 3, format: 0, body: 1 });
  return composeSentences({
    sentences: naturalSentences(scene, { opening: naturalOpening(scene), colors: paletteSentence(scene) }),
    scene,
    settings,
    room: ROOM,
    limit: T5.limit,
  });
};
