import { isRecord, type JsonRecord, recordOf, textOf, without } from '../json.ts';
import { type Recovered, toRecovered } from '../recovered.ts';
import type { Texts } from '../texts.ts';

const GENERATOR = 'InvokeAI';

/** InvokeAI in its three generations: JSON since 3.0, JSON of another kind in 2.x, before that its command line. */
export function readInvokeai(texts: Texts): Recovered | null {
  return (
    readMetadata(texts.record('invokeai_metadata')) ??
    readSdMetadata(texts.record('sd-metadata')) ??
    readDream(texts.get('Dream') ?? texts.get('dream'))
  );
}

const PROMPTS = [
  'positive_prompt',
  'negative_prompt',
  'positive_style_prompt',
  'negative_style_prompt',
] as const;

function readMetadata(record: JsonRecord | null): Recovered | null {
  const prompt = textOf(record, 'positive_prompt');
  if (record === null || prompt === null) return null;
  const style = textOf(record, 'positive_style_prompt');
  const negativeStyle = textOf(record, 'negative_style_prompt');
  return toRecovered({
    generator: GENERATOR,
    prompt,
    negativePrompt: textOf(record, 'negative_prompt'),
    parameters: [
      ...(style ? [['positive_style_prompt', style] as const] : []),
      ...(negativeStyle ? [['negative_style_prompt', negativeStyle] as const] : []),
      ...modelName(recordOf(record, 'model')),
      ...without(record, ...PROMPTS),
    ],
  });
}

/** 3.0 to 3.x say `model_name`, later versions `name`. */
function modelName(model: JsonRecord | null): [string, string][] {
  const name = textOf(model, 'name', 'model_name');
  return name === null ? [] : [['model', name]];
}

/** The prompt is a list of parts with weights, or a string. */
function readSdMetadata(record: JsonRecord | null): Recovered | null {
  const image = recordOf(record, 'image');
  if (record === null || image === null) return null;
  const { prompt } = image;
  const parts = Array.isArray(prompt) ? prompt.filter(isRecord) : [];
  const texts = typeof prompt === 'string' ? [prompt] : parts.map((part) => textOf(part, 'prompt') ?? '');
  const whole = texts.join(' ');
  return toRecovered({
    generator: GENERATOR,
    prompt: whole,
    negativePrompt: bracketed(whole),
    parameters: [...without(record, 'image'), ...without(image, 'prompt')],
    // Several parts are joined as no one wrote them.
    partial: texts.length !== 1,
  });
}

/**
 * `"a prompt" -s 50 -S 42 -W 512 -H 512 -C 7.5 -A k_lms`: options have one letter, and may be joined to their value.
 * Quotes in the prompt are not escaped, so it ends where the options begin.
 */
function readDream(text: string | undefined): Recovered | null {
  const start = text?.indexOf('"') ?? -1;
  if (text === undefined || start < 0) return null;
  const options = text.slice(start + 1).search(/"\s+-[a-zA-Z]/);
  const end = options < 0 ? text.lastIndexOf('"') : start + 1 + options;
  if (end <= start) return null;
  const prompt = text.slice(start + 1, end);
  return toRecovered({
    generator: GENERATOR,
    prompt,
    negativePrompt: bracketed(prompt),
    parameters: dreamOptions(text.slice(end + 1)),
  });
}

const DREAM_OPTIONS: Readonly<Record<string, string>> = {
  s: 'steps',
  S: 'seed',
  W: 'width',
  H: 'height',
  C: 'cfg_scale',
  A: 'sampler',
};

function dreamOptions(options: string): [string, string | number][] {
  return [...options.matchAll(/(?:^|\s)-([sSWHCA])\s?([\w.]+)/g)].map(([, letter = '', value = '']) => [
    DREAM_OPTIONS[letter] ?? letter,
    Number.isFinite(Number(value)) ? Number(value) : value,
  ]);
}

/** What stands in brackets was kept out of the image; the prompt has it where it was written. */
function bracketed(prompt: string): string | null {
  const negative = [...prompt.matchAll(/\[([^[\]]*)\]/g)].map(([, words = '']) => words);
  return negative.length === 0 ? null : negative.join(' ');
}
