import { isRecord, type JsonRecord, textOf, without } from '../json.ts';
import { type Recovered, toRecovered } from '../recovered.ts';
import { type Texts, USER_COMMENT } from '../texts.ts';

/** By the names of its interface, and in its text form by those that people read. */
const NAMES: readonly (readonly [name: string, label: string])[] = [
  ['seed', 'Seed'],
  ['use_stable_diffusion_model', 'Stable Diffusion model'],
  ['clip_skip', 'Clip Skip'],
  ['use_vae_model', 'VAE model'],
  ['sampler_name', 'Sampler'],
  ['width', 'Width'],
  ['height', 'Height'],
  ['num_inference_steps', 'Steps'],
  ['guidance_scale', 'Guidance Scale'],
  ['use_lora_model', 'LoRA model'],
  ['lora_alpha', 'LoRA Strength'],
];

/** Without one of these `prompt` may be anyone's. */
const MARKS = [
  'use_stable_diffusion_model',
  'Stable Diffusion model',
  'num_inference_steps',
  'Guidance Scale',
];

/** Easy Diffusion: in PNG a text per setting, in JPEG and WebP JSON with the same names in the user comment. */
export function readEasyDiffusion(texts: Texts): Recovered | null {
  return read(chunks(texts)) ?? read(texts.record(USER_COMMENT)) ?? read(texts.record('parameters'));
}

function read(record: JsonRecord | null): Recovered | null {
  const prompt = textOf(record, 'prompt', 'Prompt');
  if (record === null || prompt === null || !MARKS.some((mark) => mark in record)) return null;
  const known = without(record, 'prompt', 'Prompt', 'negative_prompt', 'Negative Prompt');
  return toRecovered({
    generator: 'Easy Diffusion',
    prompt,
    negativePrompt: textOf(record, 'negative_prompt', 'Negative Prompt'),
    parameters: known.filter(([, value]) => !isRecord(value) && value !== 'None'),
  });
}

function chunks(texts: Texts): JsonRecord {
  const names = [['prompt', 'Prompt'], ['negative_prompt', 'Negative Prompt'], ...NAMES].flat();
  return Object.fromEntries(
    names.flatMap((name) => {
      const text = texts.get(name);
      return text === undefined ? [] : [[name, text]];
    }),
  );
}
