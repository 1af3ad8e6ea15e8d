import { asPhotograph, naturalOpening, naturalSentences } from '../forms/natural.ts';
import { composeSentences } from '../forms/sentence-prompt.ts';
import { paletteSentence, subjectPhrase } from '../forms/sentences.ts';
import type { ComposeTarget } from './target.ts';

/** The makers count characters, not tokens: 32,000. A prompt that people would read to its end is far shorter. */
const ROOM = { tokens: Number.POSITIVE_INFINITY, words: 150, characters: 32_000 };

/** Sentences that open with the medium, which the model would otherwise choose. It draws letters well, so more are kept. */
export const composeGptImage: ComposeTarget = ({ scene: whole, settings }) => {
  const scene = whole.limited({ detail: 6, topic: 0, lettering: 6, palette: 4, format: 0, body: 1 });
  const opening =
    scene.of('subject').length > 0 ? asPhotograph(scene, subjectPhrase(scene)) : naturalOpening(scene);
  return composeSentences({
    sentences: naturalSentences(scene, { opening, colors: paletteSentence(scene) }),
    scene,
    settings,
    room: ROOM,
    limit: null,
  });
};
