import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { parseConfig } from '../../core/config.ts';
import { MAX_TRIES } from '../../core/describe/outcome.ts';
import { contractPath, testWithContracts } from '../contracts.ts';

async function readJson(path: string | URL) {
  return JSON.parse(await readFile(path, 'utf8'));
}

const root = (file: string) => new URL(`../../${file}`, import.meta.url);

testWithContracts.each([
  ['host.json', 'host.schema.json'],
  ['local.settings.sample.json', 'local.settings.schema.json'],
])('%s is valid by the published schema (needs CONTRACTS_DIR)', async (file, schemaFile) => {
  // Ajv knows draft 7; what the older drafts among them use has the same meaning there.
  const { $schema: _draft, id: _id, ...schema } = await readJson(contractPath('functions', schemaFile));
  const validate = new Ajv({ strict: false, allErrors: true }).compile(schema);
  validate(await readJson(root(file)));
  expect(validate.errors ?? []).toEqual([]);
});

test('the sample of local settings is free of faults, and suits Azurite', async () => {
  const { Values } = await readJson(root('local.settings.sample.json'));
  expect(parseConfig(Values)).toMatchObject({
    STORAGE: 'UseDevelopmentStorage=true',
    BLOB_TRIGGER_SOURCE: 'LogsAndContainerScan',
  });
});

test('an event of the queue comes back after 30 s, until it is given up with an error JSON: the host gives it up later', async () => {
  const { extensions } = await readJson(root('host.json'));
  expect(extensions.queues.visibilityTimeout).toBe('00:00:30');
  expect(extensions.queues.maxDequeueCount).toBeGreaterThan(MAX_TRIES + 1);
});
