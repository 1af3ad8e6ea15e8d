import { describe, expect, test } from '@jest/globals';
import { readComfyui } from '../../../../core/image/embedded/generators/comfyui/comfyui.ts';
import { Texts } from '../../../../core/image/embedded/texts.ts';
import { encode, fluxGraph, node, plainGraph } from '../../../fixtures/images/embedded/graphs.ts';

const POSITIVE = 'a red fox in the snow, ';
const NEGATIVE = 'blurry';

/** Prompt, negative prompt and completeness. */
function words(graph: unknown) {
  const found = readComfyui(new Texts([['prompt', JSON.stringify(graph)]]));
  return found && [found.prompt, found.negativePrompt, found.completeness];
}

const FULL = [POSITIVE, NEGATIVE, 'full'];

describe('a graph of other nodes resolves', () => {
  test('with a delimiter as it is written: only core takes "\\n" for two characters', () => {
    const join = (type: string, delimiter: string) =>
      words({
        ...plainGraph(['8', 0], NEGATIVE),
        8: node(type, { string_a: 'a fox', string_b: 'snow', delimiter }),
      });
    expect(join('StringConcatenate', '\\n')).toEqual(['a fox\\nsnow', NEGATIVE, 'full']);
    expect(join('JoinStrings', '\\n')).toEqual(['a fox\nsnow', NEGATIVE, 'full']);
    expect(join('JoinStrings', 'comma')).toEqual(['a foxcommasnow', NEGATIVE, 'partial']);
  });

  test('whose guider has two positive sides', () => {
    const guided = (second: string) => ({
      ...fluxGraph(POSITIVE),
      5: node('DualCFGGuider', { cond1: ['4', 0], cond2: ['14', 0], negative: ['15', 0], cfg_conds: 3 }),
      14: encode(second),
      15: encode(NEGATIVE),
    });
    expect(words(guided(POSITIVE))).toEqual(FULL);
    expect(words(guided('in a forest'))).toEqual([`${POSITIVE}\nin a forest`, NEGATIVE, 'partial']);
  });
});
