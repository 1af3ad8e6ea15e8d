import { type JsonRecord, textOf, without } from '../json.ts';
import { type Recovered, toRecovered } from '../recovered.ts';
import { type Texts, USER_COMMENT } from '../texts.ts';

/**
 * Fooocus with its own scheme: JSON whose `prompt` is what was typed; `full_prompt` is what its styles and its expansion
 * made of it. With the scheme "a1111" it writes as A1111 does. RuinedFooocus, a fork, has capitals.
 */
export function readFooocus(texts: Texts): Recovered | null {
  for (const name of ['parameters', USER_COMMENT, 'Comment']) {
    const record = texts.record(name);
    const prompt = textOf(record, 'prompt', 'Prompt');
    if (record === null || prompt === null || !isFooocus(record, texts)) continue;
    return toRecovered({
      generator: 'Fooocus',
      prompt,
      negativePrompt: textOf(record, 'negative_prompt', 'Negative'),
      parameters: without(record, 'prompt', 'Prompt', 'negative_prompt', 'Negative', 'metadata_scheme'),
    });
  }
  return null;
}

function isFooocus(record: JsonRecord, texts: Texts): boolean {
  const version = textOf(record, 'version', 'Version', 'software') ?? '';
  return texts.get('fooocus_scheme') === 'fooocus' || /fooocus/i.test(version) || 'full_prompt' in record;
}
