import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { ATTRIBUTES, METRICS, SPANS } from '../../core/telemetry.ts';

const guide = await readFile(new URL('../../docs/operations.md', import.meta.url), 'utf8');
const section = guide.split(/^## /m).find((part) => part.startsWith('What is measured')) ?? '';
const named = new Set([...section.matchAll(/`([^`\n]+)`/g)].map(([, name]) => name));

test.each(Object.values({ ...SPANS, ...METRICS }))('The guide for operations tells what %s is', (name) => {
  expect(named).toContain(name);
});

test('What it calls like one of these is one', () => {
  const families = new Set(
    Object.values({ ...SPANS, ...METRICS, ...ATTRIBUTES }).map((name) => name.split('.')[0]),
  );
  const known = new Set<string>(Object.values({ ...SPANS, ...METRICS, ...ATTRIBUTES }));
  const alike = [...named].filter(
    (name) => /^[a-z]+\.[a-z_]+$/.test(name ?? '') && families.has(name?.split('.')[0] ?? ''),
  );
  expect(alike.length).toBeGreaterThan(20);
  expect(alike.filter((name) => !known.has(name ?? ''))).toEqual([]);
});
