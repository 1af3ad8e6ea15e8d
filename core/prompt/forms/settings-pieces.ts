import type { MidjourneyVersion } from '../targets/midjourney-versions.ts';
import { type Piece, SETTINGS_RANK } from './budget.ts';

/** What a person's settings put into every prompt, as they wrote it: it may hold weights and parameters. */
export interface Settings {
  readonly triggerWord: string;
  readonly prefix: string;
  readonly suffix: string;
  readonly midjourneyVersion: MidjourneyVersion;
}

/** Trigger word and prefix, which open a prompt: fine-tuned models listen to the first words most. */
export function openingPieces({ triggerWord, prefix }: Settings): Piece[] {
  return settingsPieces([triggerWord, prefix]);
}

export function closingPieces({ suffix }: Settings): Piece[] {
  return settingsPieces([suffix]);
}

function settingsPieces(texts: readonly string[]): Piece[] {
  return texts.filter((text) => text !== '').map((text) => ({ text, evidence: [], rank: SETTINGS_RANK }));
}

/** Phrases in a row. What a person wrote may lead into what follows: "photo of" takes no comma. */
export function inOneLine(pieces: readonly Piece[], separator: string): string {
  return pieces.reduce((line, piece, index) => {
    const before = pieces[index - 1];
    if (!before) return piece.text;
    return line + (before.rank === SETTINGS_RANK ? separatorAfter(before.text) : separator) + piece.text;
  }, '');
}

function separatorAfter(text: string): string {
  return /(?:[.,;:!?]|\b(?:of|with|in|by|on|showing))$/i.test(text) ? ' ' : ', ';
}
