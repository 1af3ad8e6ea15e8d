import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { altText } from '../../../core/prompt/alt-text.ts';
import { composePrompts } from '../../../core/prompt/compose.ts';
import { type ComposedPrompt, composedPrompt, type Fact } from '../../../core/prompt/document.ts';
import { estimateTokens } from '../../../core/prompt/forms/tokens.ts';
import { lightWords } from '../../../core/prompt/vocabulary.ts';
import { composeAll, hostileFacts, hostileText, property } from './hostile-facts.ts';
import { measurements } from './samples.ts';

/** Every string in a value, however deep. */
function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(strings) : [];
}

function generated({ prompt, json }: ComposedPrompt): string[] {
  return [prompt.replace(/ ?--ar 3:2(?: --no color)?$/, ''), ...strings(json)];
}

const LIMITS: Readonly<Record<string, number | null>> = {
  plain: null,
  sd15: 75,
  sdxl: 75,
  sd35: 256,
  flux1: 256,
  flux2: 32_000,
  midjourney: null,
  'gpt-image': null,
};

const isLook = (fact: Fact | undefined) => fact?.kind === 'light' || fact?.kind === 'palette';

describe('whatever the facts say, a prompt', () => {
  test('obeys none of them', () => {
    property(hostileFacts, (input) => {
      for (const [, composed] of composeAll(input)) {
        for (const text of generated(composed)) {
          expect(text).not.toMatch(
            /--|[–—<>{}|`[\]]|::|:\/\/|__|\b(?:BREAK|AND)\b|embedding:|:\s*[\d.]+\s*\\?\)/u,
          );
          expect(text).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
          expect(text.isWellFormed()).toBe(true);
        }
      }
    });
  });

  test('has brackets for Stable Diffusion in escaped form only', () => {
    property(hostileFacts, (input) => {
      const { sd15, sdxl } = composePrompts(input, { targets: ['sd15', 'sdxl'], midjourneyVersion: '7' });
      for (const composed of [sd15, sdxl]) expect(composed?.prompt).not.toMatch(/(?<!\\)[()]|\\(?![()])/);
    });
  });

  test('is within the limit of its target, whatever a person adds', () => {
    const settings = fc.record({ prefix: hostileText, suffix: hostileText, triggerWord: hostileText });
    property(fc.tuple(hostileFacts, settings), ([input, added]) => {
      for (const [target, { prompt, negativePrompt, tokens }] of composeAll(input, added)) {
        expect([target, tokens.limit]).toEqual([target, LIMITS[target]]);
        expect(tokens.used).toBeLessThanOrEqual(tokens.limit ?? Number.POSITIVE_INFINITY);
        expect(tokens.estimated).toBe(true);
        expect(estimateTokens(negativePrompt ?? '')).toBeLessThanOrEqual(75);
        if (target === 'gpt-image') expect(prompt.length).toBeLessThanOrEqual(32_000);
      }
    });
  });

  test('has a negative prompt exactly where the target takes one', () => {
    property(hostileFacts, (input) => {
      const taking = composeAll(input).flatMap(([target, { negativePrompt }]) =>
        negativePrompt === null ? [] : [target],
      );
      expect(taking).toEqual(['sd15', 'sdxl', 'sd35']);
    });
  });

  test('never calls measured light both black and white and vivid', () => {
    property(hostileFacts, ({ facts, measurements }) => {
      const real = new Set([
        ...lightWords(measurements.light),
        ...measurements.palette.map(({ name }) => name),
      ]);
      const looks = facts.filter((fact) => !isLook(fact) || real.has(fact.text));
      for (const [, { phrases }] of composeAll({ facts: looks, measurements })) {
        const measured = phrases.filter(({ evidence }) => evidence.some((index) => isLook(looks[index])));
        const said = measured.map(({ text }) => text).join(', ');
        expect(said).not.toMatch(/(?=.*\bblack and white\b)(?=.*\bvivid (?:palette|colors))/i);
      }
    });
  });

  test('fits the document', () => {
    property(hostileFacts, (input) => {
      for (const [, composed] of composeAll(input)) composedPrompt.parse(composed);
    });
  });
});

test('whatever the facts say, the alt text is one well-formed line of 1 to 125 characters', () => {
  property(hostileFacts, (input) => {
    const text = altText(input.facts);
    expect(text.isWellFormed()).toBe(true);
    expect(text).toMatch(/^[^\p{Cc}<>]{1,125}$/u);
    expect(text.length).toBeLessThanOrEqual(125);
  });
});

test('a prompt for gpt-image is within its characters when every word is as long as can be', () => {
  const facts = Array.from({ length: 100 }, (_, index): Fact => {
    const text = `${index}${'x'.repeat(2000)}`;
    return { kind: 'light', text, confidence: null, source: 'pixels', box: null };
  });
  const [[, composed] = []] = composeAll({ facts, measurements: measurements() }, { targets: ['gpt-image'] });
  expect(composed?.prompt.length).toBeLessThanOrEqual(32_000);
  expect(composed?.dropped).toContainEqual(
    expect.objectContaining({ reason: 'over the limit of 32000 characters' }),
  );
});
