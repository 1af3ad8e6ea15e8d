import { describe, expect, test } from '@jest/globals';
import { readFooocus } from '../../../../core/image/embedded/generators/fooocus.ts';
import { readInvokeai } from '../../../../core/image/embedded/generators/invokeai.ts';
import { readMidjourney } from '../../../../core/image/embedded/generators/midjourney.ts';
import { readNovelai } from '../../../../core/image/embedded/generators/novelai.ts';
import { readSwarmui } from '../../../../core/image/embedded/generators/swarmui.ts';
import { Texts } from '../../../../core/image/embedded/texts.ts';
import { Xmp } from '../../../../core/image/embedded/xmp.ts';

const texts = (named: Record<string, unknown>) =>
  new Texts(
    Object.entries(named).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );

describe('InvokeAI', () => {
  test.each([
    [
      '"a fox" -s 50 -S 42 -W 512 -H 768 -C 7.5 -A k_lms',
      { steps: 50, seed: 42, width: 512, height: 768, cfg_scale: 7.5, sampler: 'k_lms' },
    ],
    ['"a fox" -s50 -S42 -Ak_lms', { steps: 50, seed: 42, sampler: 'k_lms' }],
    ['"a fox"', {}],
  ])('of its first generation has options behind the prompt: %s', (Dream, parameters) => {
    expect(readInvokeai(texts({ Dream }))).toMatchObject({ prompt: 'a fox', parameters });
  });

  test('of its first generation has quotes in the prompt, and in brackets what was kept out', () => {
    const Dream = '"a "big" fox [blurry, dark] in snow [text]" -s 50';
    expect(readInvokeai(texts({ Dream }))).toMatchObject({
      prompt: 'a "big" fox [blurry, dark] in snow [text]',
      negativePrompt: 'blurry, dark text',
      completeness: 'full',
    });
  });

  test('of its second generation has one part, several parts, or a string', () => {
    const of = (prompt: unknown) =>
      readInvokeai(texts({ 'sd-metadata': { model: 'sd', image: { prompt, seed: 1 } } }));
    expect(of('a fox')).toMatchObject({
      prompt: 'a fox',
      parameters: { model: 'sd', seed: 1 },
      completeness: 'full',
    });
    expect(of([{ prompt: 'a fox', weight: 1 }])).toMatchObject({ prompt: 'a fox', completeness: 'full' });
    expect(of([{ prompt: 'a fox' }, { prompt: 'snow' }])).toMatchObject({
      ...{ prompt: 'a fox snow', completeness: 'partial' },
    });
  });

  test('of its third generation has the name of its model in either form', () => {
    const of = (model: unknown) =>
      readInvokeai(texts({ invokeai_metadata: { positive_prompt: 'a fox', model } }));
    expect(of({ model_name: 'sdxl' })?.parameters).toEqual({ model: 'sdxl' });
    expect(of({ name: 'flux', key: 'x' })?.parameters).toEqual({ model: 'flux' });
  });
});

describe('NovelAI', () => {
  test('has the prompts of its characters beside the one of the image', () => {
    const caption = (...texts: string[]) => ({
      caption: { char_captions: texts.map((char_caption) => ({ char_caption })) },
    });
    const Comment = {
      ...{ prompt: '2girls', uc: 'bad', seed: 1, signed_hash: 'x' },
      ...{ v4_prompt: caption('girl, red hair', 'girl, hat'), v4_negative_prompt: caption('', '') },
    };
    expect(readNovelai(texts({ Software: 'NovelAI', Source: 'V4', Comment }))).toEqual({
      ...{ generator: 'NovelAI', prompt: '2girls', negativePrompt: 'bad', completeness: 'full' },
      parameters: { source: 'V4', characters: 'girl, red hair | girl, hat', seed: 1 },
    });
  });

  test('has its description where there is no comment, and others have one too', () => {
    expect(readNovelai(texts({ Software: 'NovelAI', Description: 'a fox' }))?.prompt).toBe('a fox');
    expect(
      readNovelai(texts({ Software: 'GIMP', Description: 'a fox', Comment: 'Created with GIMP' })),
    ).toBeNull();
  });
});

describe('Midjourney', () => {
  const read = (Description: string) => readMidjourney(texts({ Description }), new Xmp(undefined));
  const job = ' Job ID: a7421d2f-b262-44f9-977c-ac23e9c7d3e3';

  test('keeps its parameters in the prompt, and names them', () => {
    expect(read(`a fox --ar 3:2 --no text, frame --raw${job}`)).toEqual({
      ...{
        generator: 'Midjourney',
        prompt: 'a fox --ar 3:2 --no text, frame --raw',
        negativePrompt: 'text, frame',
      },
      ...{ parameters: { ar: '3:2', no: 'text, frame', raw: '' }, completeness: 'full' },
    });
  });

  test('is known by the id of the job alone', () => {
    expect(read('a fox --ar 3:2')).toBeNull();
    expect(read('a fox Job ID: soon')).toBeNull();
  });
});

test('SwarmUI and Fooocus give what was typed, not what became of it', () => {
  const sui_image_params = { prompt: 'a fox', original_prompt: 'a <random:fox,cat>', seed: 1 };
  expect(readSwarmui(texts({ parameters: { sui_image_params } }))).toMatchObject({
    ...{ prompt: 'a fox', negativePrompt: null, parameters: { seed: 1 } },
  });
  const fooocus = { prompt: 'a fox', full_prompt: ['cinematic a fox'], created_by: 'ann', seed: '5' };
  expect(readFooocus(texts({ parameters: fooocus }))).toMatchObject({
    prompt: 'a fox',
    parameters: { seed: '5' },
  });
  expect(readFooocus(texts({ parameters: fooocus }))?.parameters).not.toHaveProperty('created_by');
  expect(readFooocus(texts({ parameters: { prompt: 'anything' } }))).toBeNull();
});
