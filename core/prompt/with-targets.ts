import { type ComposeOptions, composePrompts } from './compose.ts';
import type { PromptDocument, Target } from './document.ts';

/**
 * A stored document with the prompts of these targets. Those it has stay as they are, since a person may have edited
 * them; others are composed from its facts, which costs no call. Without targets it stays as it is, and `prompt` stays
 * the default target's in any case.
 */
export function withTargets(
  document: PromptDocument,
  targets: readonly Target[] | undefined,
  { prefix, suffix, triggerWord, midjourneyVersion }: Omit<ComposeOptions, 'targets'>,
): PromptDocument {
  if (targets === undefined) return document;
  const { facts, palette, light, composition } = document;
  const measurements = { palette, light, composition };
  const missing = targets.filter((target) => document.prompts[target] === undefined);
  const composed = composePrompts(
    { facts, measurements },
    { targets: missing, prefix, suffix, triggerWord, midjourneyVersion },
  );
  const all = { ...composed, ...document.prompts };
  return { ...document, prompts: Object.fromEntries(targets.map((target) => [target, all[target]])) };
}
