import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { parse } from 'yaml';
import { contractPath, describeWithContracts } from '../contracts.ts';
import { runScript } from '../scripts/deploy/child.ts';
import { ROOT } from './workflows.ts';

const REFS = ['foundry', 'project', 'toolbox', 'connection', 'agent', 'routine', 'skill'];

interface Hook {
  readonly posix: { readonly run: string };
  readonly windows: { readonly run: string };
}

describe('the hooks of azd', () => {
  // Its form is what the schema's test shows.
  const { hooks, services } = parse(readFileSync(`${ROOT}azure.yaml`, 'utf8')) as {
    readonly hooks: Readonly<Record<string, Hook>>;
    readonly services: { readonly functions: { readonly hooks: Readonly<Record<string, Hook>> } };
  };
  const all = [...Object.values(hooks), ...Object.values(services.functions.hooks)];

  test('are the same on every system', () => {
    expect(all.length).toBeGreaterThan(4);
    for (const { posix, windows } of all) expect(windows.run).toBe(posix.run);
  });

  test('run scripts that are there', () => {
    const scripts = all.flatMap(({ posix }) => /^node (\S+)$/.exec(posix.run)?.[1] ?? []);
    expect(scripts).toHaveLength(2);
    for (const script of scripts) expect([script, existsSync(`${ROOT}${script}`)]).toEqual([script, true]);
  });

  test('put back what belongs to Linux, after azd installed for the machine that it runs on', () => {
    const [, platform = ''] =
      /const PLATFORM = \[(.*)\]/.exec(readFileSync(`${ROOT}scripts/bundle.ts`, 'utf8')) ?? [];
    const options = [...platform.matchAll(/'(.*?)'/g)].map(([, option]) => option);
    expect(options).toHaveLength(3);
    const { run } = services.functions.hooks.prepackage?.posix ?? {};
    expect(run).toBe(['npm ci --omit=dev', ...options].join(' '));
  });

  test('forget the key with the app that had it', () => {
    expect(hooks.postdown?.posix.run).toBe('azd env set BLOB_TRIGGER_KEY_READY false');
    expect(readFileSync(`${ROOT}scripts/deploy/after-azd.ts`, 'utf8')).toContain(
      "'BLOB_TRIGGER_KEY_READY', 'true'",
    );
  });

  test.each([
    ['containerapp', 1],
    ['functions', 0],
    ['both', 0],
  ])('before anything is made, HOSTING=%s ends with %i', async (HOSTING, code) => {
    expect((await runScript('before-azd.ts', { HOSTING })).code).toBe(code);
  });
});

describeWithContracts('azure.yaml (needs CONTRACTS_DIR)', () => {
  /** What azd's extensions describe is none of ours: only that it is there. */
  function isValid(document: unknown): boolean {
    const schema = JSON.parse(readFileSync(contractPath('azd', 'azure.yaml.v1.0.schema.json'), 'utf8'));
    const ajv = new Ajv2019({ strict: false, validateFormats: false, loadSchema: async () => ({}) });
    for (const [ref] of JSON.stringify(schema).matchAll(/https:\/\/[^"]+\.json(?=")/g)) {
      if (REFS.some((name) => ref.endsWith(`.${name}.json`)) && !ajv.getSchema(ref))
        ajv.addSchema({ $id: ref }, ref);
    }
    return ajv.compile(schema)(document);
  }

  test('is valid against the public schema, and a wrong one is not', () => {
    const document = parse(readFileSync(`${ROOT}azure.yaml`, 'utf8'));
    expect(isValid(document)).toBe(true);
    expect(isValid({ ...document, services: { functions: { project: '.', host: 1 } } })).toBe(false);
  });
});
