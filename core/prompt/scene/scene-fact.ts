import type { Fact } from '../document.ts';

/** A fact with its place in the document, its text safe to be put into a prompt. */
export interface SceneFact extends Fact {
  readonly index: number;
}
