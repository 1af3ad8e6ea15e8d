import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { PROBLEMS } from '../../core/errors.ts';
import { ATTRIBUTES, METRICS } from '../../core/telemetry.ts';
import { bicep, source, texts } from './read-bicep.ts';

const DURATIONS = [
  'PT5M',
  'PT10M',
  'PT15M',
  'PT30M',
  'PT45M',
  'PT1H',
  'PT2H',
  'PT3H',
  'PT4H',
  'PT5H',
  'PT6H',
  'P1D',
  'P2D',
] as const;

const alerts = z
  .array(
    z.strictObject({
      name: z.string().regex(/^[a-z-]+$/),
      title: z.string().min(1),
      description: z.string().min(1),
      severity: z.int().min(0).max(4),
      every: z.enum(DURATIONS),
      window: z.enum(DURATIONS),
      query: z.array(z.string()),
      column: z.string(),
      operator: z.enum(['GreaterThan', 'LessThan']),
      threshold: z.number(),
    }),
  )
  .parse(JSON.parse(source('bicep/monitoring/alerts.json')));

const item = z.looseObject({
  type: z.int(),
  name: z.string(),
  content: z.looseObject({ query: z.string().optional(), title: z.string().optional() }),
});
const { items } = z
  .looseObject({ version: z.literal('Notebook/1.0'), items: z.array(item) })
  .parse(JSON.parse(source('bicep/monitoring/workbook.json')));

const QUERIES = [
  ...alerts.map(({ name, query }) => [`alert ${name}`, query.join('\n')] as const),
  ...items.flatMap(({ name, content: { query } }) =>
    query === undefined ? [] : [[`workbook ${name}`, query] as const],
  ),
];

const TABLES = ['AppMetrics', 'AppRequests', 'AppExceptions', 'AppTraces', 'AegDeliveryFailureLogs'];

/** In `Name == 'x'` and `Name in ('x', 'y')`. */
function metricsIn(query: string): string[] {
  return [...query.matchAll(/\bName (?:== ('[^']*')|in \(([^)]*)\))/g)].flatMap(([, one, several]) =>
    texts(one ?? several ?? ''),
  );
}

describe.each(QUERIES)('%s', (_name, query) => {
  test('asks for what the program measures, by the attributes it has', () => {
    const known = new Set<string>(Object.values(METRICS));
    const attributes = new Set<string>(Object.values(ATTRIBUTES));
    expect(metricsIn(query).filter((name) => !known.has(name))).toEqual([]);
    if (query.includes('AppMetrics')) expect(metricsIn(query)).not.toEqual([]);
    const asked = [...query.matchAll(/Properties\['([^']*)'\]/g)].map(([, name = '']) => name);
    expect(asked.filter((name) => !attributes.has(name))).toEqual([]);
  });

  test('reads tables of a workspace, and closes what it opens', () => {
    const tables = query.match(/\b(?:App|Aeg)[A-Z]\w+/g) ?? [];
    expect(tables.filter((table) => !TABLES.includes(table))).toEqual([]);
    expect(tables).not.toEqual([]);
    for (const [open, close] of ['()', '[]'] as const)
      expect(query.split(open ?? '').length).toBe(query.split(close ?? '').length);
  });
});

describe('the alerts', () => {
  test.each(alerts.map((alert) => [alert.name, alert] as const))(
    '%s has one row with its column, always',
    (_name, alert) => {
      const last = alert.query.at(-1) ?? '';
      expect(last).toMatch(new RegExp(`^\\| summarize ${alert.column} = coalesce\\(.*, 0\\.0\\)$`));
      expect(DURATIONS.indexOf(alert.window)).toBeGreaterThanOrEqual(DURATIONS.indexOf(alert.every));
    },
  );

  test('cover what can go wrong unseen', () => {
    const asked = new Set(alerts.flatMap(({ query }) => metricsIn(query.join('\n'))));
    for (const metric of [
      METRICS.images,
      METRICS.poisonLength,
      METRICS.oldestWithoutPrompt,
      METRICS.visionDeferred,
      METRICS.heartbeat,
      METRICS.visionCallsToday,
    ]) {
      expect(asked).toContain(metric);
    }
    expect(bicep('modules/alerts.bicep')).toContain('DeadLetteredCount');
  });

  test('that an environment changes are there under the name it changes them by', () => {
    const code = bicep('modules/alerts.bicep');
    const changed = [...code.matchAll(/^var (?:windows|thresholds) = \{ '([\w-]+)'/gm)].map(
      ([, name = '']) => name,
    );
    expect(changed).toHaveLength(2);
    expect(alerts.map(({ name }) => name)).toEqual(expect.arrayContaining(changed));
  });

  test('of servers count what is a fault of this program alone', () => {
    const { query = [] } = alerts.find(({ name }) => name === 'server-errors') ?? {};
    const statuses =
      query
        .join('\n')
        .match(/(?<=')\d{3}(?=')/g)
        ?.map(Number) ?? [];
    const isCounted = ([, { status }]: [string, { status: number }]) => statuses.includes(status);
    const counted = Object.entries(PROBLEMS).filter(isCounted);
    expect(counted.map(([code]) => code).filter((code) => code.startsWith('source-'))).toEqual([]);
    const reported = Object.entries(PROBLEMS).filter(([, { report }]) => report);
    const missed = reported.filter((problem) => !isCounted(problem)).map(([code]) => code);
    // Of these vision-down tells.
    expect(missed).toEqual(['vision-unavailable', 'vision-bad-response', 'vision-timeout']);
  });

  test('that wait for housekeeping wait for runs that saw everything', () => {
    const { query = [] } = alerts.find(({ name }) => name === 'heartbeat-absent') ?? {};
    const [, audit = ''] = /Properties\['housekeeping\.audit'\]\) == '(\w+)'/.exec(query.join('\n')) ?? [];
    expect(source('core/housekeeping/housekeep.ts')).toContain(`audit.complete ? '${audit}'`);
  });

  test('of codes name those that the program has', () => {
    const codes = alerts.flatMap(({ query }) => query.join('\n').match(/'vision-[a-z-]+'/g) ?? []);
    expect(codes).not.toEqual([]);
    for (const code of codes) expect(source('core/errors.ts')).toContain(`${code}: `);
  });
});

test('the workbook shows all that is measured', () => {
  const shown = new Set(items.flatMap(({ content: { query = '' } }) => metricsIn(query)));
  expect(Object.values(METRICS).filter((name) => !shown.has(name))).toEqual([]);
});
