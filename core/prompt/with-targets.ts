import { type ComposeOptions, composePrompts } from './compose.ts';
import type { PromptDocument, Target } from './document.ts';

/**
 * A stored document with the prompts of other targets. They are composed from its facts, so it costs no call.
 * Without targets it stays as it is; `prompt` stays the default target's in any case.
 */
export function withTargets(
  document: PromptDocument,
  targets: readonly Target[] | undefined,
  { prefix, suffix, triggerWord }: Omit<ComposeOptions, 'targets'>,
): PromptDocument {
  if (targets === undefined) return document;
  const { facts, palette, light, composition } = document;
  const measurements = { palette, light, composition };
  const prompts = composePrompts({ facts, measurements }, { targets, prefix, suffix, triggerWord });
  return { ...document, prompts };
}
