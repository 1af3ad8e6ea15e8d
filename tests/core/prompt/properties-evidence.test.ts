import { describe, expect, test } from '@jest/globals';
import type { Fact } from '../../../core/prompt/document.ts';
import { ATTACKS, type Composable, composeAll, hostileFacts, property } from './hostile-facts.ts';
import { measurements } from './samples.ts';

function unaccounted(input: Composable): string[] {
  return composeAll(input).flatMap(([target, { phrases, dropped }]) => {
    const accounted = new Set([...phrases, ...dropped].flatMap(({ evidence }) => evidence));
    return [...input.facts.keys()]
      .filter((index) => !accounted.has(index))
      .map((index) => `${target} ${index}`);
  });
}

describe('whatever the facts say, a prompt', () => {
  test('consists of phrases that all name their evidence', () => {
    property(hostileFacts, (input) => {
      for (const [, { prompt, phrases }] of composeAll(input)) {
        let at = 0;
        for (const { text, evidence } of phrases) {
          expect(evidence.length).toBeGreaterThan(0);
          for (const index of evidence) expect(input.facts[index]).toBeDefined();
          const found = prompt.indexOf(text, at);
          expect(found).toBeGreaterThanOrEqual(at);
          expect(prompt.slice(at, found)).toMatch(/^(?:, | )?$/);
          at = found + text.length;
        }
        expect(prompt.length).toBe(at);
      }
    });
  });

  test('accounts for every fact: said, or dropped for a reason', () => {
    property(hostileFacts, (input) => {
      expect(unaccounted(input)).toEqual([]);
      for (const [, { dropped }] of composeAll(input)) {
        expect(dropped.every(({ reason }) => reason !== '')).toBe(true);
      }
    });
  });

  test('is the same, byte for byte, each time', () => {
    property(hostileFacts, (input) => {
      expect(JSON.stringify(composeAll(structuredClone(input)))).toBe(JSON.stringify(composeAll(input)));
    });
  });
});

test('ten thousand facts of every kind are composed, and each is accounted for', () => {
  const kinds = ['tag', 'region', 'object', 'text', 'palette', 'camera', 'caption'] as const;
  const facts = Array.from({ length: 10_000 }, (_, index): Fact => {
    const attack = ATTACKS[index % ATTACKS.length] ?? '';
    return {
      kind: kinds[index % kinds.length] ?? 'tag',
      text: `a cat ${index} ${attack.slice(0, 100)}`,
      confidence: 0.9,
      source: 'vision',
      box: null,
    };
  });
  expect(unaccounted({ facts, measurements: measurements() })).toEqual([]);
});
