import { joined } from '../forms/phrasing.ts';
import { composeSentences } from '../forms/sentence-prompt.ts';
import {
  cameraPhrase,
  compositionPhrase,
  detailList,
  letteringSentence,
  lightPhrase,
  paletteSentence,
  pictured,
  subjectPhrase,
} from '../forms/sentences.ts';
import type { ComposeTarget } from './target.ts';

/** Sentences for people, and for any model that reads them. Nothing limits them but patience. */
const ROOM = { tokens: Number.POSITIVE_INFINITY, words: 120 };

export const composePlain: ComposeTarget = ({ scene: whole, settings }) => {
  const scene = whole.limited({ detail: 6, topic: 0, lettering: 3, palette: 4, body: 1 });
  const subject = subjectPhrase(scene);
  const format = scene.of('format');
  const opening =
    subject.length > 0
      ? subject
      : joined(format, ([text]) => `in ${text}`).flatMap((looks) => pictured(scene, looks));
  return composeSentences({
    sentences: [
      { phrases: opening, rank: 1 },
      { phrases: joined(detailList(scene), ([list]) => `also in view: ${list}`), rank: 4 },
      { phrases: letteringSentence(scene, 'can be read'), rank: 5 },
      { phrases: lightPhrase(scene), rank: 2 },
      { phrases: paletteSentence(scene), rank: 3 },
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
