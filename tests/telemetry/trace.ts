import type { HeardSpan } from './envelopes.ts';

/** A span and those below it, in the order of their names. */
export interface Tree {
  readonly name: string;
  readonly below: readonly Tree[];
}

/** The spans of a trace below one that is known, as a tree. */
export function treeBelow(spans: readonly HeardSpan[], parent: string | null): readonly Tree[] {
  return spans
    .filter((span) => span.parent === parent)
    .map(({ id, name }) => ({ name, below: treeBelow(spans, id) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
