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
}

interface Spent {
  tokens: number;
  words: number;
}

/** Chooses by rank, keeps the reading order. */
export function chooseWithin(
  pieces: readonly Piece[],
  room: Room,
): { readonly phrases: Piece[]; readonly dropped: Dropped[] } {
  const spent: Spent = { tokens: 0, words: 0 };
  const kept = new Map<Piece, Piece>();
  const dropped: Dropped[] = [];
  for (const piece of pieces.toSorted((a, b) => a.rank - b.rank)) {
    const reason = reasonAgainst(piece, spent, room);
    const placed = reason === null ? piece : piece.rank <= SUBJECT_RANK ? cutToFit(piece, spent, room) : null;
    if (placed) {
      kept.set(piece, placed);
      const cost = costOf(placed);
      spent.tokens += cost.tokens;
      spent.words += cost.words;
    }
    const rest = piece.text.slice(placed?.text.length ?? 0).trim();
    if (reason !== null) dropped.push({ text: rest, reason, evidence: piece.evidence });
  }
  return { phrases: pieces.flatMap((piece) => kept.get(piece) ?? []), dropped };
}

/** One token more than the text's own: what separates it from the next. */
function costOf({ text, rank }: Piece): Spent {
  return { tokens: estimateTokens(text) + 1, words: rank === SETTINGS_RANK ? 0 : countWords(text) };
}

function reasonAgainst(piece: Piece, spent: Spent, room: Room): string | null {
  const cost = costOf(piece);
  if (spent.tokens + cost.tokens > room.tokens) return `over the limit of ${room.tokens} estimated tokens`;
  if (cost.words > 0 && spent.words + cost.words > room.words) return `over the advised ${room.words} words`;
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
    if (reasonAgainst({ ...piece, text }, spent, room) === null) low = middle + 1;
    else high = middle;
  }
  const text = piece.text.slice(0, ends[low - 1] ?? 0);
  return text === '' ? null : { ...piece, text };
}
