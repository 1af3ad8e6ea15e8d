import { listWords } from '../scene/words.ts';
import { composeSentences } from './sentence-prompt.ts';
import {
  cameraPhrase,
  compositionPhrase,
  letteringPhrase,
  lightPhrase,
  palettePhrase,
  pictured,
  subjectPhrase,
} from './sentences.ts';
import { type ComposeTarget, joined } from './target.ts';

/** Sentences for people, and for any model that reads them. Nothing limits them but patience. */
const ROOM = { tokens: Number.POSITIVE_INFINITY, words: 120 };

export const composePlain: ComposeTarget = ({ scene: whole, settings }) => {
  const scene = whole.limited({ detail: 6, lettering: 3, palette: 5, body: 1 });
  const subject = subjectPhrase(scene);
  const format = scene.of('format');
  const opening =
    subject.length > 0
      ? subject
      : joined(format, ([text]) => `in ${text}`).flatMap((looks) => pictured(scene, looks));
  return composeSentences({
    sentences: [
      { phrases: opening, rank: 1 },
      { phrases: joined(scene.of('detail'), (texts) => `also in view: ${listWords(texts)}`), rank: 4 },
      { phrases: joined(letteringPhrase(scene), ([text]) => `${text} can be read`), rank: 5 },
      { phrases: lightPhrase(scene), rank: 2 },
      { phrases: joined(palettePhrase(scene), ([text]) => `a ${text}`), rank: 3 },
      { phrases: compositionPhrase(scene), rank: 6 },
      { phrases: subject.length > 0 ? format : [], rank: 8 },
      { phrases: cameraPhrase(scene), rank: 7 },
    ],
    scene,
    settings,
    room: ROOM,
    limit: null,
  });
};
