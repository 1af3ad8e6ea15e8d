import type { Fact } from '../document.ts';
import { isReadable } from '../safe-text.ts';
import { MONOCHROME } from '../vocabulary.ts';
import { withoutFiller } from '../words/filler.ts';
import { withoutHues } from './colorless.ts';
import { contradiction } from './contradictions.ts';
import type { Phrases } from './phrases.ts';
import type { SceneFact } from './scene-fact.ts';

/** Below this a provider is guessing. Captions get lower marks than tags for being right. */
const FLOORS: Partial<Record<Fact['kind'], number>> = {
  caption: 0.3,
  region: 0.5,
  tag: 0.5,
  object: 0.5,
  people: 0.5,
};

/** The facts of a kind that can be believed, without what is not true of the pixels and without praise. */
export function credible(
  facts: readonly SceneFact[],
  kind: Fact['kind'],
  { measured, phrases }: { readonly measured: ReadonlySet<string>; readonly phrases: Phrases },
): SceneFact[] {
  return facts.flatMap((fact) => (fact.kind === kind ? credited(fact, measured, phrases) : []));
}

function credited(fact: SceneFact, measured: ReadonlySet<string>, phrases: Phrases): SceneFact[] {
  const { kind, index, confidence } = fact;
  const drop = (text: string, reason: string) => {
    phrases.drop(text, reason, [index]);
    return [];
  };
  if (confidence !== null && confidence < (FLOORS[kind] ?? 0)) return drop(fact.text, 'low confidence');
  const against = contradiction(fact.text, measured);
  if (against !== null) return drop(fact.text, against);

  const plain = withoutFiller(fact.text);
  if (plain.removed.length > 0) drop(plain.removed.join(', '), 'praise cannot be drawn');
  const colorless = measured.has(MONOCHROME) ? withoutHues(plain.text) : { text: plain.text, removed: [] };
  if (colorless.removed.length > 0) drop(colorless.removed.join(', '), 'the pixels have no color');
  return isReadable(colorless.text) ? [{ ...fact, text: colorless.text }] : [];
}
