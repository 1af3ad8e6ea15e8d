import type { Phrase } from '../scene/phrases.ts';
import type { Scene } from '../scene/scene.ts';
import type { Piece } from './budget.ts';
import { cameraPhrase, compositionPhrase, letteringPhrase, lightPhrase, palettePhrase } from './sentences.ts';

/** Comma phrases in the order diffusion models weigh them: the subject first, then its surroundings, then the looks. */
export function phrasePieces(scene: Scene): Piece[] {
  const details = scene.of('detail');
  return [
    ...ranked(scene.of('subject'), 1),
    ...ranked(scene.of('shot', 'setting', 'action'), 2),
    // Two details outrank the looks; when room is short, the measured looks are worth more than a fifth tag.
    ...ranked(details.slice(0, 2), 4),
    ...ranked(details.slice(2), 9),
    ...ranked(letteringPhrase(scene), 8),
    ...ranked(lightPhrase(scene), 3),
    ...ranked(palettePhrase(scene), 5),
    ...ranked(compositionPhrase(scene), 7),
    ...ranked(cameraPhrase(scene), 6),
  ];
}

function ranked(phrases: readonly Phrase[], rank: number): Piece[] {
  return phrases.map((phrase) => ({ ...phrase, rank }));
}
