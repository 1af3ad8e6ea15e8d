import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { parse } from 'yaml';
import { contractPath, describeWithContracts } from '../contracts.ts';
import { ROOT } from './workflows.ts';

const REFS = ['foundry', 'project', 'toolbox', 'connection', 'agent', 'routine', 'skill'];

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
