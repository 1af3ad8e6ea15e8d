import { isRecord, type JsonRecord, parseRecord, recordOf, textOf, without } from '../json.ts';
import { type Recovered, toRecovered } from '../recovered.ts';
import { type Texts, USER_COMMENT } from '../texts.ts';

/**
 * NovelAI: `Software`, the prompt as `Description`, everything else as JSON in `Comment`. Where there is but one field, it
 * has an object with the same names.
 */
export function readNovelai(texts: Texts): Recovered | null {
  const wrapped = texts.record(USER_COMMENT);
  const field = (name: string) => texts.get(name) ?? textOf(wrapped, name) ?? undefined;
  const comment = texts.record('Comment') ?? parseRecord(textOf(wrapped, 'Comment') ?? '');
  if (!field('Software')?.startsWith('NovelAI') && !(comment && isNovelai(comment))) return null;
  const source = field('Source');
  return toRecovered({
    generator: 'NovelAI',
    prompt: textOf(comment, 'prompt') ?? field('Description') ?? '',
    negativePrompt: textOf(comment, 'uc'),
    parameters: [
      ...(source === undefined ? [] : [['source', source] as const]),
      ...characters(comment, 'v4_prompt', 'characters'),
      ...characters(comment, 'v4_negative_prompt', 'negative_characters'),
      ...without(comment ?? {}, 'prompt', 'uc', 'signed_hash'),
    ],
  });
}

function isNovelai(comment: JsonRecord): boolean {
  return (
    'uc' in comment && ('uncond_scale' in comment || 'noise_schedule' in comment || 'v4_prompt' in comment)
  );
}

/** Since version 4 each character has a prompt of its own. NovelAI's one-line form sets them off in the same way. */
function characters(comment: JsonRecord | null, from: string, to: string): [string, string][] {
  const captions = recordOf(recordOf(comment, from), 'caption')?.char_captions;
  if (!Array.isArray(captions)) return [];
  const texts = captions.filter(isRecord).map((caption) => textOf(caption, 'char_caption') ?? '');
  const written = texts.filter((text) => text !== '');
  return written.length === 0 ? [] : [[to, written.join(' | ')]];
}
