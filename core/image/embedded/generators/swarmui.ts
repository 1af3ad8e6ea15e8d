import { recordOf, textOf, without } from '../json.ts';
import { type Recovered, toRecovered } from '../recovered.ts';
import { type Texts, USER_COMMENT } from '../texts.ts';

/**
 * SwarmUI: JSON in which `sui_image_params` has what was asked for. What it was before its wildcards were drawn stays
 * out.
 */
export function readSwarmui(texts: Texts): Recovered | null {
  for (const name of ['parameters', USER_COMMENT]) {
    const params = recordOf(texts.record(name), 'sui_image_params');
    const prompt = textOf(params, 'prompt');
    if (params === null || prompt === null) continue;
    return toRecovered({
      generator: 'SwarmUI',
      prompt,
      negativePrompt: textOf(params, 'negativeprompt'),
      parameters: without(params, 'prompt', 'negativeprompt', 'original_prompt', 'original_negativeprompt'),
    });
  }
  return null;
}
