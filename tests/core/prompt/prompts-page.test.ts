import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { TARGETS, target } from '../../../core/prompt/document.ts';
import { compose } from './composing.ts';
import { GOLDEN } from './golden/all.ts';
import { measurements } from './samples.ts';

/** docs/prompts.md shows prompts and limits: they are compared with what the composer gives. */

const page = await readFile(new URL('../../../docs/prompts.md', import.meta.url), 'utf8');
const CASE =
  /^### (?<name>.+)\n\nFacts alone:\n\n```\n(?<alone>.+)\n```\n\nComposed for `(?<form>[\w-]+)`:\n\n```\n(?<prompt>.+)\n```\n\n\S/gm;
const cases = [...page.matchAll(CASE)].map(({ groups }) => groups ?? {});

test('the page compares ten cases, and has every target among them', () => {
  expect(cases.length).toBe(page.match(/^### /gm)?.length);
  expect(cases.length).toBe(10);
  expect(new Set(cases.map(({ form }) => form))).toEqual(new Set(TARGETS));
});

describe.each(cases)('of $name', ({ name = '', alone, form, prompt }) => {
  test('the page prints the facts and the prompt that the composer gives', () => {
    const golden = GOLDEN.find((one) => one.name.toLowerCase() === name.toLowerCase());
    expect(golden?.name.toLowerCase()).toBe(name.toLowerCase());
    const { of, look = {}, analysis } = golden ?? {};
    const composed = compose(target.parse(form), { of, look: measurements(look), analysis });
    expect(composed.facts.map(({ text }) => text).join(', ')).toBe(alone);
    expect(composed.prompt).toBe(prompt);
  });
});

test.each(TARGETS)('the page has a row for %s with its real limit', (name) => {
  const row = page.split('\n').find((line) => line.startsWith(`| \`${name}\` |`));
  const { tokens, negativePrompt } = compose(name, {});
  const cells = row?.split(' | ') ?? [];
  if (tokens.limit !== null) expect(cells[3]).toContain(`${tokens.limit.toLocaleString('en')} `);
  else expect(cells[3]).toMatch(/^none|characters$/);
  expect(cells[5]?.startsWith('yes')).toBe(negativePrompt !== null);
});
