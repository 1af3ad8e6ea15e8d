import type { ComposedPrompt } from '../document.ts';
import { sentenceCase } from '../scene/caption.ts';
import type { Phrase } from '../scene/phrases.ts';
import type { Scene } from '../scene/scene.ts';
import { chooseWithin, type Piece, type Room } from './budget.ts';
import { named, namedDropped } from './phrasing.ts';
import { closingPieces, inOneLine, openingPieces, type Settings } from './settings-pieces.ts';
import { estimateTokens } from './tokens.ts';

/** Phrases that become a sentence each, and how much they are wanted. */
export interface Sentence {
  readonly phrases: readonly Phrase[];
  readonly rank: number;
}

export interface SentencePrompt {
  /** In reading order. */
  readonly sentences: readonly Sentence[];
  readonly scene: Scene;
  readonly settings: Settings;
  readonly room: Room;
  /** Tokens, as the model's makers state it. */
  readonly limit: number | null;
  readonly negativePrompt?: string;
}

/** A prompt of sentences, for targets that read natural language. */
export function composeSentences({
  sentences,
  scene,
  settings,
  room,
  limit,
  negativePrompt,
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
    negativePrompt: negativePrompt ?? null,
    tokens: { used: estimateTokens(prompt), limit, estimated: true },
    phrases: named(phrases),
    dropped: namedDropped([...dropped, ...scene.dropped]),
  };
}
