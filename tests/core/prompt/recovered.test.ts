import { describe, expect, test } from '@jest/globals';
import type { Provenance, Recovered } from '../../../core/image/embedded/recovered.ts';
import { buildDocument } from '../../../core/prompt/build-document.ts';
import { promptDocument } from '../../../core/prompt/document.ts';
import { collectFacts } from '../../../core/prompt/facts.ts';
import { image, measurements, NOTHING_SEEN, seen } from './samples.ts';

const ORIGINAL: Recovered = {
  generator: 'ComfyUI',
  prompt: '  a fox,\n(detailed:1.2) <lora:x:0.8> --ar 3:2 ',
  negativePrompt: 'blurry\n',
  parameters: { seed: 42, sampler: 'euler' },
  completeness: 'full',
};

function document(recovered: Recovered | null, analysis = seen('a fox in the snow')) {
  return buildDocument({
    image: { ...image(), recovered },
    stored: null,
    sha256: 'a'.repeat(64),
    measurements: measurements(),
    analysis,
    options: { targets: ['plain', 'sdxl'], defaultTarget: 'plain', midjourneyVersion: '7' },
    settingsHash: 'b'.repeat(64),
    now: new Date('2026-11-21T08:00:00Z'),
    generator: 'prompt-generator/0.1.0',
  });
}

describe('a document with an original prompt', () => {
  test('has it in front, byte for byte, and says so', () => {
    expect(document(ORIGINAL)).toMatchObject({
      origin: 'recovered',
      prompt: ORIGINAL.prompt,
      negativePrompt: ORIGINAL.negativePrompt,
      recovered: ORIGINAL,
    });
  });

  test('still has the generated prompts of what was seen, as without it', () => {
    const { prompts } = document(ORIGINAL);
    expect(Object.keys(prompts)).toEqual(['plain', 'sdxl']);
    expect(prompts.plain?.prompt).toBe(document(null).prompt);
  });

  test('has no negative prompt where the original had none', () => {
    expect(document({ ...ORIGINAL, negativePrompt: null }).negativePrompt).toBeNull();
  });

  test('obeys nothing that the original says: in the generated prompts it is data', () => {
    for (const composed of Object.values(document(ORIGINAL, NOTHING_SEEN).prompts)) {
      expect(composed.prompt).not.toMatch(/--ar 3:2|<lora|:1\.2/);
    }
  });

  test('is a prompt document, and keeps its id', () => {
    expect(promptDocument.safeParse(document(ORIGINAL)).error).toBeUndefined();
    expect(document(ORIGINAL).id).toBe(document(null).id);
  });
});

describe('what is embedded in a file', () => {
  const texts = (recovered: Recovered | null, provenance: Provenance | null) =>
    collectFacts({
      image: { ...image(), recovered, provenance },
      measurements: measurements(),
      analysis: NOTHING_SEEN,
    })
      .filter(
        ({ kind, source, confidence }) =>
          kind === 'recovered' && source === 'embedded' && confidence === null,
      )
      .map(({ text }) => text);

  test('is a fact: the original on one line, and the origin, which is not verified', () => {
    const provenance = {
      digitalSourceType: 'trainedAlgorithmicMedia',
      aiSystem: 'Painter 3',
      c2pa: 'present-unverified',
    } as const;
    expect(texts(ORIGINAL, provenance)).toEqual([
      'a fox, (detailed:1.2) <lora:x:0.8> --ar 3:2',
      'made by AI: trainedAlgorithmicMedia (unverified)',
      'AI system: Painter 3 (unverified)',
      'content credentials (C2PA) present (unverified)',
    ]);
    expect(texts(null, null)).toEqual([]);
  });

  test.each([
    ['compositeWithTrainedAlgorithmicMedia', 'made in part by AI'],
    ['digitalCapture', 'digital source type'],
    ['algorithmicMedia', 'digital source type'],
  ])('is called what IPTC means by %s', (digitalSourceType, words) => {
    expect(texts(null, { digitalSourceType, aiSystem: null, c2pa: null })).toEqual([
      `${words}: ${digitalSourceType} (unverified)`,
    ]);
  });
});
