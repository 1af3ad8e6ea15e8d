import { listWords } from '../scene/words.ts';
import { colorPhrase } from './flux2-colors.ts';
import { sceneJson } from './flux2-json.ts';
import { composeSentences } from './sentence-prompt.ts';
import {
  cameraPhrase,
  compositionPhrase,
  letteringPhrase,
  lightPhrase,
  pictured,
  subjectPhrase,
} from './sentences.ts';
import { type ComposeTarget, joined } from './target.ts';

/** FLUX.2 reads 32,000 tokens, of which a tenth stays free for the estimate; its makers advise 30 to 80 words. */
const LIMIT = 32_000;
const ROOM = { tokens: 28_800, words: 80 };

/**
 * Sentences in the order the makers give (subject, surroundings, camera, light, colours), and the same as JSON.
 * The model knows no negative prompt.
 */
export const composeFlux2: ComposeTarget = ({ scene: whole, measurements, settings }) => {
  const scene = whole.limited({ detail: 6, lettering: 3, palette: 4, format: 0, body: 1 });
  const subject = subjectPhrase(scene);
  const light = lightPhrase(scene);
  const opening =
    subject.length > 0
      ? subject
      : joined(light, ([text]) => `in ${text}`).flatMap((looks) => pictured(scene, looks));
  const prompt = composeSentences({
    sentences: [
      { phrases: opening, rank: 1 },
      { phrases: joined(scene.of('detail'), (texts) => `with ${listWords(texts)}`), rank: 4 },
      { phrases: joined(letteringPhrase(scene), ([text]) => `${text} is written in the picture`), rank: 5 },
      { phrases: cameraPhrase(scene), rank: 7 },
      { phrases: subject.length > 0 ? light : [], rank: 2 },
      { phrases: colorPhrase(scene, measurements.palette), rank: 3 },
      { phrases: compositionPhrase(scene), rank: 6 },
    ],
    scene,
    settings,
    room: ROOM,
    limit: LIMIT,
  });
  return { ...prompt, json: sceneJson(scene, { opening, palette: measurements.palette, settings }) };
};
