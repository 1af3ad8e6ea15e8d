import type { Dropped, Phrase } from '../scene/phrases.ts';
import { countWords, estimateTokens } from './tokens.ts';

/** A phrase that wants a place; lower ranks are placed first, whatever the reading order. */
export interface Piece extends Phrase {
  readonly rank: number;
}

/** Ranks that are cut to the room there is instead of left out. */
export const SETTINGS_RANK = 0;
const SUBJECT_RANK = 1;

export interface Room {
  /** Tokens the model reads; the rest would be cut off by it, silently. */
  readonly tokens: number;
  /** Words the model's makers advise; a person's own prefix and suffix are not held against it. */
  readonly words: number;
  /** UTF-16 units, where the model's makers count those. */
  readonly characters?: number;
}

interface Spent {
  tokens: number;
  words: number;
  characters: number;
}

/** Chooses by rank, keeps the reading order. */
export function chooseWithin(
  pieces: readonly Piece[],
  room: Room,
): { readonly phrases: Piece[]; readonly dropped: Dropped[] } {
  const spent: Spent = { tokens: 0, words: 0, characters: 0 };
  const kept = new Map<Piece, Piece>();
  const dropped: Dropped[] = [];
  for (const piece of pieces.toSorted((a, b) => a.rank - b.rank)) {
    const cost = costOf(piece);
    const reason = reasonAgainst(cost, spent, room);
    const placed = reason === null ? piece : piece.rank <= SUBJECT_RANK ? cutToFit(piece, spent, room) : null;
    if (placed) {
      kept.set(piece, placed);
      const taken = placed === piece ? cost : costOf(placed);
      spent.tokens += taken.tokens;
      spent.words += taken.words;
      spent.characters += taken.characters;
    }
    if (reason === null) continue;
    const rest = piece.text.slice(placed?.text.length ?? 0).trim();
    dropped.push({ text: rest, reason, evidence: piece.evidence });
  }
  return { phrases: pieces.flatMap((piece) => kept.get(piece) ?? []), dropped };
}

/** More than the text's own: what separates it from the next, one token and at most two characters. */
function costOf({ text, rank }: Piece): Spent {
  return {
    tokens: estimateTokens(text) + 1,
    words: rank === SETTINGS_RANK ? 0 : countWords(text),
    characters: text.length + 2,
  };
}

function reasonAgainst(cost: Spent, spent: Spent, room: Room): string | null {
  const { tokens, words, characters = Number.POSITIVE_INFINITY } = room;
  if (spent.tokens + cost.tokens > tokens) return `over the limit of ${tokens} estimated tokens`;
  if (spent.characters + cost.characters > characters) return `over the limit of ${characters} characters`;
  if (cost.words > 0 && spent.words + cost.words > words) return `over the advised ${words} words`;
  return null;
}

function cutToFit(piece: Piece, spent: Spent, room: Room): Piece | null {
  const ends = [...piece.text.matchAll(/\s+/g)].map((space) => space.index);
  let low = 0;
  let high = ends.length;
  // The more words, the more they cost: halving finds the last end that still fits.
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const text = piece.text.slice(0, ends[middle]);
    if (reasonAgainst(costOf({ ...piece, text }), spent, room) === null) low = middle + 1;
    else high = middle;
  }
  const text = piece.text.slice(0, ends[low - 1] ?? 0);
  return text === '' ? null : { ...piece, text };
}
