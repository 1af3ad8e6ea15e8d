import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { findLinter, lint } from '../../scripts/bicep/linter.ts';
import { plainBicep } from '../../scripts/bicep/plain-bicep.ts';
import { bicep, declared, FILES, FOLDER, texts } from './read-bicep.ts';

const linter = findLinter(process.env);
/** Without a linter nothing here could fail; the other tests of the Bicep files need none. */
const describeWithLinter = linter ? describe : describe.skip;

describeWithLinter('the Bicep files (needs BICEP_CHECK, or the Bicep or the Azure CLI)', () => {
  let copy: string;

  beforeAll(() => {
    copy = mkdtempSync(join(tmpdir(), 'bicep-test-'));
    cpSync(FOLDER, copy, { recursive: true });
  });

  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  const found = (folder: string) => linter && lint(linter, folder);

  test('have no errors and no warnings', () => {
    expect(found(FOLDER)).toBeNull();
  });

  test.each([
    [
      'a property that does not exist',
      'modules/storage.bicep',
      'allowBlobPublicAccess: false',
      'allowBlobPublicAcces: false',
    ],
    ['a value of the wrong type', 'modules/functions.bicep', 'httpsOnly: true', "httpsOnly: 'yes'"],
    ['a parameter that a module lacks', 'main.bicep', 'logQuotaGb: logQuotaGb }', 'logQuota: logQuotaGb }'],
    [
      'a setting that is none',
      'production.bicepparam',
      "param storageSku = 'Standard_ZRS'",
      "param settings = { LOG_LEVL: 'info' }",
    ],
  ])('are not passed with %s', (_fault, file, right, wrong) => {
    const path = join(copy, file);
    const whole = readFileSync(path, 'utf8');
    expect(whole).toContain(right);
    writeFileSync(path, whole.replace(right, wrong));
    try {
      expect(found(copy)).toContain(file.split('/').at(-1));
    } finally {
      writeFileSync(path, whole);
    }
  });
});

describe('for a parser that knows old Bicep only', () => {
  test.each(FILES)('%s keeps every resource, with every value', (file) => {
    const plain = plainBicep(bicep(file));
    for (const { of, body, ...resource } of declared('resource')) {
      if (resource.file !== file) continue;
      expect(plain).toContain(`resource ${resource.symbol} '${of}@`);
      const values = texts(body).map((text) => text.replaceAll('!.', '.').replaceAll('.?', '.'));
      expect(values.filter((value) => !plain.includes(`'${value}'`))).toEqual([]);
    }
  });

  test('newer Bicep is not there any more', () => {
    const all = FILES.map((file) => plainBicep(bicep(file))).join('\n');
    expect(all).not.toMatch(/^(?:import|type) |@export|\w!\.|\.\?|=> |^param \w+ \w+\[\]/m);
    expect(FILES.map(bicep).join('\n')).toMatch(/^import .*[\s\S]*\w!\./m);
  });
});
