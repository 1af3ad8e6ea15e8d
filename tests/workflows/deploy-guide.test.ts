import { existsSync, globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { ROOT, WORKFLOWS } from './workflows.ts';

const read = (file: string) => readFileSync(`${ROOT}${file}`, 'utf8');
const guide = read('docs/deploy.md');
const bicep = read('bicep/main.bicep');
const unique = (matches: Iterable<RegExpMatchArray>) => [
  ...new Set([...matches].map(([, name = '']) => name)),
];

const parameters = unique(bicep.matchAll(/^param (\w+) /gm));
const outputs = unique(bicep.matchAll(/^output (\w+) /gm));

describe('the guide to deploying', () => {
  test.each(unique(guide.matchAll(/\b((?:scripts|bicep|docs|containerapp)\/[\w./-]+\w)/g)))(
    'names %s, which is there',
    (file) => {
      expect(existsSync(`${ROOT}${file}`)).toBe(true);
    },
  );

  test.each(unique(guide.matchAll(/\]\((\w+\.md)\)/g)))('links to %s, which is there', (file) => {
    expect(existsSync(`${ROOT}docs/${file}`)).toBe(true);
  });

  const given = [...guide.matchAll(/--parameters ((?:[^\n]*\\\n)*[^\n`]*)/g)].flatMap(([, text = '']) =>
    unique(text.matchAll(/(\w+)=/g)),
  );
  test('gives parameters that bicep/main.bicep has', () => {
    expect(given.length).toBeGreaterThan(5);
    expect(parameters).toEqual(expect.arrayContaining(given));
    expect(parameters).toEqual(expect.arrayContaining(['customDomain', 'customDomainCertificate', 'ingest']));
  });

  test('reads outputs that bicep/main.bicep has', () => {
    const asked = unique(guide.matchAll(/properties\.outputs\.(\w+)\.value/g));
    expect(asked.length).toBeGreaterThan(3);
    expect(outputs).toEqual(
      expect.arrayContaining([...asked, 'CUSTOM_DOMAIN_TARGET', 'CUSTOM_DOMAIN_PROOF']),
    );
  });

  test('registers every provider that Bicep uses, which no one but the owner of a subscription can', () => {
    const files = globSync('bicep/**/*.bicep', { cwd: ROOT }).map(read).join('\n');
    const used = unique(files.matchAll(/^ *resource \w+ '(Microsoft\.\w+)\//gm));
    const [, list = ''] = /for NAMESPACE in ([^;]*);/.exec(guide) ?? [];
    const registered = list.match(/Microsoft\.\w+/g);
    // This one is always there.
    expect(registered?.sort()).toEqual(used.filter((name) => name !== 'Microsoft.Authorization').sort());
  });

  test('names every variable and secret that the workflows read, and no other', () => {
    const used = WORKFLOWS.flatMap(({ text }) => unique(text.matchAll(/\b(?:vars|secrets)\.([A-Z_]+)/g)));
    for (const name of used) expect(guide).toContain(name);
    for (const name of unique(guide.matchAll(/^\| (?:variable|secret) `(\w+)`/gm)))
      expect(used).toContain(name);
  });
});

test('the workflow reads outputs that bicep/main.bicep has', () => {
  const { text = '' } = WORKFLOWS.find(({ name }) => name === 'deploy-to') ?? {};
  const asked = unique(text.matchAll(/steps\.names\.outputs\.(\w+)/g));
  expect(asked.length).toBeGreaterThan(5);
  expect(outputs).toEqual(expect.arrayContaining(asked));
});

test('the workflow sets every variable that the parameter files read', () => {
  const { text = '' } = WORKFLOWS.find(({ name }) => name === 'deploy-to') ?? {};
  const files = read('bicep/staging.bicepparam') + read('bicep/production.bicepparam');
  const asked = unique(files.matchAll(/readEnvironmentVariable\('(\w+)'/g));
  expect(asked.length).toBeGreaterThan(10);
  for (const name of asked) expect(text).toContain(`${name}: $`);
});
