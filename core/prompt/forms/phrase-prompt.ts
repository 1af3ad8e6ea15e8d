import type { ComposedPrompt } from '../document.ts';
import type { Phrase } from '../scene/phrases.ts';
import type { Scene } from '../scene/scene.ts';
import { chooseWithin, type Piece } from './budget.ts';
import { named, namedDropped } from './phrasing.ts';
import { cameraPhrase, letteringPhrase, lightPhrase, palettePhrase } from './sentences.ts';
import { closingPieces, inOneLine, openingPieces, type Settings } from './settings-pieces.ts';
import { CLIP, estimateTokens } from './tokens.ts';

/** Comma phrases in the order diffusion models weigh them: the subject first, then its surroundings, then the looks. */
export function phrasePieces(scene: Scene): Piece[] {
  const details = scene.of('detail');
  return [
    ...ranked(scene.of('subject'), 1),
    ...ranked(scene.of('action', 'shot', 'setting'), 2),
    // Two details outrank the looks; when room is short, the measured looks are worth more than a fifth tag.
    ...ranked(details.slice(0, 2), 4),
    ...ranked(details.slice(2), 9),
    ...ranked(scene.of('topic'), 10),
    ...ranked(letteringPhrase(scene), 8),
    ...ranked(lightPhrase(scene), 3),
    ...ranked(palettePhrase(scene), 5),
    ...ranked(scene.of('place', 'space'), 7),
    ...ranked(cameraPhrase(scene), 6),
  ];
}

/** How many topics are worth their room: none beside a caption, which says what they hint at. */
export function topics(scene: Scene): number {
  return scene.described ? 0 : 3;
}

function ranked(phrases: readonly Phrase[], rank: number): Piece[] {
  return phrases.map((phrase) => ({ ...phrase, rank }));
}

export interface ClipPrompt {
  readonly scene: Scene;
  readonly settings: Settings;
  readonly negativePrompt: string;
}

/** A prompt of comma phrases for a model that reads it through CLIP, weights and brackets as its front ends have them. */
export function composeForClip({ scene, settings, negativePrompt }: ClipPrompt): ComposedPrompt {
  const { phrases, dropped } = chooseWithin(
    [...openingPieces(settings), ...phrasePieces(scene).map(escaped), ...closingPieces(settings)],
    { tokens: CLIP.room, words: Number.POSITIVE_INFINITY },
  );
  const prompt = inOneLine(phrases, ', ');
  return {
    prompt,
    negativePrompt,
    tokens: { used: estimateTokens(prompt), limit: CLIP.limit, estimated: true },
    phrases: named(phrases),
    dropped: namedDropped([...dropped, ...scene.dropped]),
  };
}

/** Round brackets would weigh what they hold. */
function escaped(piece: Piece): Piece {
  return { ...piece, text: piece.text.replace(/[()]/g, '\\$&') };
}
