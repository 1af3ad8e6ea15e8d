import type { ComposedPrompt } from '../document.ts';
import { sentenceCase } from '../scene/caption.ts';
import type { Phrase } from '../scene/phrases.ts';
import type { Scene } from '../scene/scene.ts';
import { chooseWithin, type Piece, type Room } from './budget.ts';
import { closingPieces, inOneLine, openingPieces } from './settings-pieces.ts';
import { named, namedDropped, type Settings } from './target.ts';
import { estimateTokens } from './tokens.ts';

export interface SentencePrompt {
  /** In reading order; each becomes a sentence. */
  readonly sentences: readonly { readonly phrases: readonly Phrase[]; readonly rank: number }[];
  readonly scene: Scene;
  readonly settings: Settings;
  readonly room: Room;
  /** Tokens, as the model's makers state it. */
  readonly limit: number | null;
}

/** A prompt of sentences, for targets that read natural language. */
export function composeSentences({
  sentences,
  scene,
  settings,
  room,
  limit,
}: SentencePrompt): ComposedPrompt {
  const opening = openingPieces(settings);
  const ledInto = opening.length > 0 && !/[.!?]$/.test(opening.at(-1)?.text ?? '');
  const told = sentences.flatMap(({ phrases, rank }) =>
    phrases.map((phrase): Piece => ({ ...phrase, rank })),
  );
  const pieces = told.map((piece, index) => {
    const text = piece.text.replace(/[.,;:\s]+$/, '');
    return { ...piece, text: `${ledInto && index === 0 ? text : sentenceCase(text)}.` };
  });
  const { phrases, dropped } = chooseWithin([...opening, ...pieces, ...closingPieces(settings)], room);
  const prompt = inOneLine(phrases, ' ');
  return {
    prompt,
    negativePrompt: null,
    tokens: { used: estimateTokens(prompt), limit, estimated: true },
    phrases: named(phrases),
    dropped: namedDropped([...dropped, ...scene.dropped]),
  };
}
