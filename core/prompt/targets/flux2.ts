import { naturalOpening, naturalSentences } from '../forms/natural.ts';
import { composeSentences } from '../forms/sentence-prompt.ts';
import { colorPhrase } from './flux2-colors.ts';
import { sceneJson } from './flux2-json.ts';
import type { ComposeTarget } from './target.ts';

/** FLUX.2 reads 32,000 tokens, of which a tenth stays free for the estimate; its makers advise 30 to 80 words. */
const LIMIT = 32_000;
const ROOM = { tokens: 28_800, words: 80 };

/** Sentences whose colours are hex codes tied to areas, and the same as JSON. The model knows no negative prompt. */
export const composeFlux2: ComposeTarget = ({ scene: whole, measurements, settings }) => {
  const scene = whole.limited({ detail: 5, topic: 0, lettering: 3, palette: 4, format: 0, body: 1 });
  const opening = naturalOpening(scene);
  const prompt = composeSentences({
    sentences: naturalSentences(scene, { opening, colors: colorPhrase(scene, measurements.palette) }),
    scene,
    settings,
    room: ROOM,
    limit: LIMIT,
  });
  return { ...prompt, json: sceneJson(scene, { opening, palette: measurements.palette, settings }) };
};
