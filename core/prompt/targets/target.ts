import type { Measurements } from '../../image/image.ts';
import type { ComposedPrompt } from '../document.ts';
import type { Dropped, Phrase } from '../scene/phrases.ts';
import type { Scene } from '../scene/scene.ts';

/** What a person's settings put into every prompt, as they wrote it: it may hold weights and parameters. */
export interface Settings {
  readonly triggerWord: string;
  readonly prefix: string;
  readonly suffix: string;
}

interface TargetInput {
  readonly scene: Scene;
  readonly measurements: Measurements;
  readonly settings: Settings;
}

/** One family of models: its order, its form, its limit. */
export type ComposeTarget = (input: TargetInput) => ComposedPrompt;

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
  return [...new Set(evidence)].sort((a, b) => a - b);
}
