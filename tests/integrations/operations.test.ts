import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { ATTRIBUTES, METRICS, SPANS } from '../../core/telemetry.ts';
import { readJson } from './read-json.ts';

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');

const rule = z.object({ name: z.string(), severity: z.int(), query: z.array(z.string()) });
const rules = await readJson(new URL('bicep/monitoring/alerts.json', root), z.array(rule));
const guide = read('docs/operations.md').split('\n## Alerts\n')[1] ?? '';
const sections = new Map(
  guide
    .split(/^### /m)
    .slice(1)
    .map((part) => [part.slice(0, part.indexOf('\n')), part] as const),
);

/** Those of a workspace that an SDK, the Functions host or Event Grid fills. */
const TABLES = [
  'AppMetrics',
  'AppRequests',
  'AppExceptions',
  'AppTraces',
  'AppDependencies',
  'AegDeliveryFailureLogs',
];

describe('the guide for operations', () => {
  test('has a section for each alert and no other', () => {
    const metricAlerts = [
      ...read('bicep/modules/alerts.bicep').matchAll(/for metric in \[([^\]]*)\]/g),
    ].flatMap(([, names = '']) => [...names.matchAll(/'(\w+)'/g)].map(([, name]) => `events-${name}`));
    const budget = /name: '(\w+)'/.exec(read('bicep/modules/budget.bicep'))?.[1];
    expect([...sections.keys()]).toEqual([...rules.map(({ name }) => name), ...metricAlerts, budget]);
  });

  test.each([...sections])('says of %s what to do and how to test it', (_name, text) => {
    expect(text).toMatch(/\n- \*\*Do:\*\* .+\n/);
    expect(text).toMatch(/\n- \*\*Test:\*\* .+\n/);
  });

  test.each(rules)('says how severe $name is', ({ name, severity }) => {
    expect(sections.get(name)).toContain(`severity ${severity}`);
  });

  test('leads to sections and files that are there', () => {
    for (const [, target = ''] of guide.matchAll(/\]\(([^)]+)\)/g)) {
      const [file, anchor] = target.split('#');
      if (file) expect(readdirSync(new URL('docs/', root))).toContain(file);
      else expect([...sections.keys()].map((name) => name.toLowerCase())).toContain(anchor);
    }
  });
});

describe.each([
  ['docs/operations.md', read('docs/operations.md')],
  ['bicep/monitoring/alerts.json', rules.flatMap(({ query }) => query).join('\n')],
  ['bicep/monitoring/workbook.json', read('bicep/monitoring/workbook.json')],
])('%s asks only for what the code emits:', (_file, text) => {
  const metrics = new Set<string>(Object.values(METRICS));
  const attributes = new Set<string>(Object.values(ATTRIBUTES));
  const spans = new Set<string>(Object.values(SPANS));

  test('tables', () => {
    const tables = [...text.matchAll(/\b(?:App|Aeg)[A-Z][A-Za-z]+\b/g)].map(([table]) => table);
    expect(tables).toContain('AppMetrics');
    expect(tables.filter((table) => !TABLES.includes(table))).toEqual([]);
  });

  test('metrics', () => {
    const asked = [...text.matchAll(/\bName == '([^']*)'/g)].map(([, name = '']) => name);
    expect(asked).not.toEqual([]);
    expect(asked.filter((name) => !metrics.has(name))).toEqual([]);
  });

  test('whatever looks like one of these', () => {
    const families = new Set([...metrics, ...attributes].map((name) => name.split('.')[0]));
    const alike = [...text.matchAll(/[`']([a-z]+)(\.[a-z_]+)[`']/g)].flatMap(([, family = '', rest = '']) =>
      families.has(family) ? [`${family}${rest}`] : [],
    );
    expect(alike).not.toEqual([]);
    expect(alike.filter((name) => !metrics.has(name) && !attributes.has(name) && !spans.has(name))).toEqual(
      [],
    );
  });

  test('no number of rows, of which sampling leaves some out', () => {
    expect(text).not.toMatch(/\bcount(?:if)?\(/);
  });

  test('attributes', () => {
    const asked = [...text.matchAll(/Properties\['([^']*)'\]/g)].map(([, name = '']) => name);
    expect(asked).not.toEqual([]);
    expect(asked.filter((name) => !attributes.has(name))).toEqual([]);
  });
});
