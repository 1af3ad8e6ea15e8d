import type { ComposedPrompt } from '../document.ts';
import type { Dropped, Phrase } from '../scene/phrases.ts';

/** One phrase out of several: `say` gets their texts. None where there are none. */
export function joined(phrases: readonly Phrase[], say: (texts: readonly string[]) => string): Phrase[] {
  if (phrases.length === 0) return [];
  return [
    { text: say(phrases.map(({ text }) => text)), evidence: phrases.flatMap(({ evidence }) => evidence) },
  ];
}

/** The document's form of phrases: each piece of evidence once, in order. */
export function named(phrases: readonly Phrase[]): ComposedPrompt['phrases'] {
  return phrases.map(({ text, evidence }) => ({ text, evidence: inOrder(evidence) }));
}

export function namedDropped(dropped: readonly Dropped[]): ComposedPrompt['dropped'] {
  return dropped.map(({ text, reason, evidence }) => ({ text, reason, evidence: inOrder(evidence) }));
}

function inOrder(evidence: readonly number[]): number[] {
  const ordered = evidence.every((index, at) => at === 0 || index > (evidence[at - 1] ?? 0));
  return ordered ? evidence.slice() : [...new Set(evidence)].sort((a, b) => a - b);
}
