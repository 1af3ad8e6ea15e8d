import { describe, expect, test } from '@jest/globals';
import { readComfyui } from '../../../../core/image/embedded/generators/comfyui/comfyui.ts';
import { Texts } from '../../../../core/image/embedded/texts.ts';
import {
  type ApiGraph,
  editorWorkflow,
  encode,
  fluxGraph,
  node,
  plainGraph,
  txt2img,
} from '../../../fixtures/images/embedded/graphs.ts';

function recover(graph: unknown, keyword = 'prompt') {
  return readComfyui(new Texts([[keyword, typeof graph === 'string' ? graph : JSON.stringify(graph)]]));
}

const POSITIVE = 'a red fox in the snow, ';
const NEGATIVE = 'blurry';

/** Prompt, negative prompt and completeness. */
function words(graph: unknown, keyword?: string) {
  const found = recover(graph, keyword);
  return found && [found.prompt, found.negativePrompt, found.completeness];
}

const FULL = [POSITIVE, NEGATIVE, 'full'];

describe('a graph resolves', () => {
  test('with its sampler, its model and its size as parameters', () => {
    expect(recover(plainGraph(POSITIVE, NEGATIVE))).toEqual({
      generator: 'ComfyUI',
      prompt: POSITIVE,
      negativePrompt: NEGATIVE,
      parameters: {
        ...{ seed: 42, steps: 20, cfg: 7.5, sampler_name: 'euler', scheduler: 'karras', denoise: 1 },
        ...{ model: 'sd_xl_base_1.0.safetensors', width: 1024, height: 768 },
      },
      completeness: 'full',
    });
  });

  test('through both text encoders of SDXL', () => {
    const both = (text_g: string, text_l: string) =>
      node('CLIPTextEncodeSDXL', { width: 1024, height: 1024, text_g, text_l, clip: ['1', 1] });
    const graph = txt2img(['6', 0], ['7', 0], {
      6: both(POSITIVE, POSITIVE),
      7: both(NEGATIVE, 'ugly'),
    });
    expect(words(graph)).toEqual(FULL);
    expect(recover(graph)?.parameters).toMatchObject({ second_negative_prompt: 'ugly' });
    expect(recover(graph)?.parameters).not.toHaveProperty('second_prompt');
  });

  test('of Flux, whose sampler is put together from parts', () => {
    expect(recover(fluxGraph(POSITIVE))).toMatchObject({
      prompt: POSITIVE,
      negativePrompt: null,
      parameters: {
        ...{ seed: 1, steps: 20, sampler_name: 'euler', scheduler: 'simple', second_prompt: 'a few tags' },
        model: 'flux1-dev.safetensors',
      },
      completeness: 'full',
    });
  });

  test.each<[string, ApiGraph]>([
    [
      'core concatenation',
      {
        8: node('StringConcatenate', { string_a: 'a red fox', string_b: ['9', 0], delimiter: ' ' }),
        9: node('PrimitiveStringMultiline', { value: 'in the snow, ' }),
      },
    ],
    [
      'concatenation with numbered parts and a separator',
      {
        8: node('CR Text Concatenate', { text1: 'a red fox in', text2: ['9', 0], separator: ' ' }),
        9: node('CR Text', { text: 'the snow, ' }),
      },
    ],
    [
      'nested concatenation that leaves out what is empty',
      {
        8: node('Text Concatenate', { text_a: ['9', 0], text_b: '', text_c: 'snow, ', delimiter: ' ' }),
        9: node('JoinStrings', { string1: 'a red', string2: 'fox in the', delimiter: ' ' }),
      },
    ],
    [
      'a node that shows its text, and reroutes',
      {
        8: node('ShowText|pysssss', { text: ['9', 0], text_0: 'an older text' }),
        9: node('Reroute', { '': ['10', 0] }),
        10: node('PrimitiveNode', { value: POSITIVE }),
      },
    ],
  ])('through %s', (_, rest) => {
    const graph = { ...plainGraph(['8', 0], NEGATIVE), ...rest };
    expect(words(graph)).toEqual(FULL);
  });

  test('through control nets and reroutes, whose outputs keep their sides', () => {
    const graph = txt2img(['10', 0], ['10', 1], {
      6: encode(POSITIVE),
      7: encode(NEGATIVE),
      8: node('Reroute', { '': ['6', 0] }),
      9: node('ConditioningSetTimestepRange', { conditioning: ['8', 0], start: 0, end: 1 }),
      10: node('ControlNetApplyAdvanced', { positive: ['9', 0], negative: ['7', 0], strength: 0.8 }),
    });
    expect(words(graph)).toEqual(FULL);
  });

  test('with a seed from a primitive, and LoRAs ahead of the model', () => {
    const graph = plainGraph(POSITIVE, NEGATIVE);
    const sampler = { ...graph[3]?.inputs, seed: ['20', 0], model: ['21', 0] };
    const changed = {
      ...graph,
      3: node('KSampler', sampler),
      20: node('Seed (other)', { seed: 1234 }),
      21: node('LoraLoader', { lora_name: 'b.safetensors', strength_model: 0.5, model: ['22', 0] }),
      22: node('LoraLoader', { lora_name: 'a.safetensors', strength_model: 1, model: ['1', 0] }),
    };
    expect(recover(changed)?.parameters).toMatchObject({
      seed: 1234,
      loras: 'a.safetensors:1, b.safetensors:0.5',
      model: 'sd_xl_base_1.0.safetensors',
    });
    expect(words(changed)).toEqual(FULL);
  });

  test('with a seed larger than a double holds, and what only Python writes', () => {
    const text = JSON.stringify(plainGraph('NaN, Infinity, 12345678901234567890', NEGATIVE))
      .replace('"seed":42', '"seed":12345678901234567890')
      .replace('"denoise":1', '"denoise":NaN');
    const recovered = recover(text);
    expect(recovered?.prompt).toBe('NaN, Infinity, 12345678901234567890');
    expect(recovered?.parameters.seed).toBe('12345678901234567890');
    expect(recovered?.parameters).not.toHaveProperty('denoise');
  });

  test('as the editor saves it, where the graph that ran is missing', () => {
    const recovered = recover(editorWorkflow(POSITIVE, NEGATIVE), 'workflow');
    expect(recovered).toMatchObject({
      prompt: POSITIVE,
      negativePrompt: NEGATIVE,
      parameters: { seed: 99, steps: 25, cfg: 6, sampler_name: 'dpmpp_2m', model: 'model.safetensors' },
      completeness: 'full',
    });
  });
});

describe('two samplers', () => {
  /** A second one takes over from the first, under an id that comes before it. */
  function refined(second: string): ApiGraph {
    const graph = plainGraph(POSITIVE, NEGATIVE);
    return {
      ...graph,
      0: node('KSampler', {
        ...{ seed: 7, steps: 10, cfg: 5, sampler_name: 'ddim', scheduler: 'normal', denoise: 0.4 },
        ...{ model: ['1', 0], positive: ['11', 0], negative: ['7', 0], latent_image: ['3', 0] },
      }),
      4: node('VAEDecode', { samples: ['0', 0], vae: ['1', 2] }),
      11: encode(second),
    };
  }

  test('give the prompt and the settings of the first on the way', () => {
    expect(words(refined(POSITIVE))).toEqual(FULL);
    expect(recover(refined(POSITIVE))?.parameters).toMatchObject({ seed: 42, sampler_name: 'euler' });
  });

  test('of which the second says something else are partial, and keep what it says', () => {
    const recovered = recover(refined('a portrait'));
    expect(recovered).toMatchObject({ prompt: POSITIVE, completeness: 'partial' });
    expect(recovered?.parameters.prompt_2).toBe('a portrait');
  });

  test('of which one made no part of the saved image count as one', () => {
    const unused = {
      ...plainGraph(POSITIVE, NEGATIVE),
      0: node('KSampler', { seed: 1, positive: ['12', 0], negative: ['7', 0] }),
      12: encode('never seen'),
    };
    expect(words(unused)).toEqual(FULL);
  });
});

describe('what cannot be resolved is partial', () => {
  test.each<[string, ApiGraph, string]>([
    [
      'a part of a joined text',
      {
        8: node('StringConcatenate', { string_a: 'a fox', string_b: ['9', 0], delimiter: '' }),
        9: node('AskLanguageModel', { image: ['2', 0], model: ['1', 0] }),
      },
      'a fox',
    ],
    ['a text that an unknown node changes', { 8: node('MagicPrompt', { text: 'a fox' }) }, 'a fox'],
    [
      'a text in which something is replaced',
      { 8: node('StringReplace', { string: 'a fox', find: 'fox', replace: 'cat' }) },
      'a fox',
    ],
  ])('%s', (_, rest, prompt) => {
    expect(words({ ...plainGraph(['8', 0], NEGATIVE), ...rest })).toEqual([prompt, NEGATIVE, 'partial']);
  });

  test('two prompts for parts of the image', () => {
    const graph = txt2img(['8', 0], ['7', 0], {
      6: encode('a fox'),
      7: encode(NEGATIVE),
      8: node('ConditioningCombine', { conditioning_1: ['6', 0], conditioning_2: ['9', 0] }),
      9: encode('a snowy wood'),
    });
    expect(words(graph)).toEqual(['a fox\na snowy wood', NEGATIVE, 'partial']);
  });

  test('a link that leads nowhere', () => {
    expect(words(plainGraph(POSITIVE, ['404', 0]))).toEqual([POSITIVE, null, 'partial']);
    expect(words(plainGraph(['404', 0], NEGATIVE))).toBeNull();
  });

  test('a graph without a sampler', () => {
    const graph = { 1: node('ImageServiceGenerate', { prompt: POSITIVE, seed: 1 }) };
    expect(words(graph)).toEqual([POSITIVE, null, 'partial']);
  });
});

describe('a hostile graph ends', () => {
  test('in circles of texts and of conditioning', () => {
    const texts = { 8: node('Reroute', { '': ['9', 0] }), 9: node('Reroute', { '': ['8', 0] }) };
    expect(words({ ...plainGraph(['8', 0], NEGATIVE), ...texts })).toBeNull();
    const turning = txt2img(['8', 0], ['7', 0], {
      7: encode(NEGATIVE),
      8: node('ConditioningCombine', { conditioning_1: ['8', 0], conditioning_2: ['9', 0] }),
      9: encode(POSITIVE),
    });
    expect(words(turning)).toEqual([POSITIVE, NEGATIVE, 'partial']);
  });

  test('where every node doubles a text', () => {
    const bush = Object.fromEntries(
      Array.from({ length: 60 }, (_, level) => [
        100 + level,
        node('StringConcatenate', {
          string_a: [String(101 + level), 0],
          string_b: [String(101 + level), 0],
          delimiter: '',
        }),
      ]),
    );
    const recovered = recover({
      ...plainGraph(['100', 0], NEGATIVE),
      ...bush,
      160: node('PrimitiveString', { value: 'ha' }),
    });
    expect(recovered?.completeness ?? 'partial').toBe('partial');
    expect(recovered?.prompt.length ?? 0).toBeLessThanOrEqual(32 * 1024);
  });

  test('in a line of ten thousand nodes, and among ten thousand others', () => {
    const line = Object.fromEntries(
      Array.from({ length: 10_000 }, (_, index) => [
        100 + index,
        node('Reroute', { '': [String(101 + index), 0] }),
      ]),
    );
    expect(words({ ...plainGraph(['100', 0], NEGATIVE), ...line })).toBeNull();
    expect(words({ ...plainGraph(POSITIVE, NEGATIVE), ...line })).toEqual(FULL);
  });

  test.each([
    '{"1":{"class_type":"KSampler","inputs":null}}',
    '{"1":{"class_type":"KSampler","inputs":{"positive":["1",0],"seed":1}}}',
    '{"__proto__":{"class_type":"KSampler","inputs":{"positive":["constructor",0],"seed":1}}}',
    '{"1":{"class_type":7}}',
    '{"nodes":[null,{"id":{},"type":"KSampler","inputs":[[]],"widgets_values":{}}],"links":[1,[],{}]}',
    `${'{"1":'.repeat(100_000)}`,
    `{"1":${'['.repeat(200_000)}${']'.repeat(200_000)}}`,
  ])('without a prompt: %#', (text) => {
    expect(recover(text)).toBeNull();
    expect(recover(text, 'workflow')).toBeNull();
  });
});
