import { describe, expect, test } from '@jest/globals';
import { bicep, declared, FILES } from './read-bicep.ts';

const resources = declared('resource');
const ofType = (type: string) => resources.filter(({ of }) => of === type);

/** What must stand in every resource of a type, whatever else changes. */
const RULES: readonly (readonly [type: string, least: number, lines: readonly string[]])[] = [
  [
    'Microsoft.Storage/storageAccounts',
    2,
    [
      'allowSharedKeyAccess: false',
      'allowBlobPublicAccess: false',
      "minimumTlsVersion: 'TLS1_2'",
      'supportsHttpsTrafficOnly: true',
      'allowCrossTenantReplication: false',
    ],
  ],
  ['Microsoft.Storage/storageAccounts/blobServices', 2, ['deleteRetentionPolicy: { enabled: true']],
  ['Microsoft.Storage/storageAccounts/blobServices/containers', 3, ["publicAccess: 'None'"]],
  ['Microsoft.CognitiveServices/accounts', 2, ['disableLocalAuth: true', 'customSubDomainName: name']],
  ['Microsoft.KeyVault/vaults', 1, ['enableRbacAuthorization: true', 'enableSoftDelete: true']],
  ['Microsoft.Insights/components', 1, ['DisableLocalAuth: true']],
  ['Microsoft.ContainerRegistry/registries', 1, ['adminUserEnabled: false', 'anonymousPullEnabled: false']],
  ['Microsoft.Web/sites', 1, ['httpsOnly: true', "minTlsVersion: '1.2'", "ftpsState: 'Disabled'"]],
  ['Microsoft.Web/sites/basicPublishingCredentialsPolicies', 1, ['allow: false']],
];

describe.each(RULES)('%s', (type, least, lines) => {
  test.each(lines)('has %s, everywhere', (line) => {
    const all = ofType(type);
    expect(all.length).toBeGreaterThanOrEqual(least);
    expect(all.filter(({ body }) => !body.includes(line)).map(({ file }) => file)).toEqual([]);
  });
});

describe('secrets', () => {
  const all = FILES.map((file) => [file, bicep(file)] as const);

  test('no key is read but the one that Event Grid reaches the blob trigger with', () => {
    const readers = all.flatMap(([file, code]) =>
      (code.match(/\blist[A-Z]\w*\(/g) ?? []).map((call) => `${file} ${call}`),
    );
    expect(readers).toEqual(['modules/subscription.bicep listKeys(']);
  });

  test('each parameter that is one is secure, and has no default but nothing', () => {
    const secret = /^param (apiKeys|visionKey|webhookSecret|webhookUrl|alertWebhookUrl) (.*)$/gm;
    const found = all.flatMap(([, code]) => [...code.matchAll(secret)].map((match) => ({ code, match })));
    expect(found.length).toBeGreaterThanOrEqual(8);
    for (const { code, match } of found) {
      expect(code.slice(0, match.index).trimEnd().endsWith('@secure()')).toBe(true);
      expect(match[2]).toMatch(/^string( = '')?$/);
    }
  });

  test('are overwritten only where they are given', () => {
    for (const { symbol } of ofType('Microsoft.KeyVault/vaults/secrets')) {
      expect(bicep('modules/vault.bicep')).toMatch(
        new RegExp(`resource ${symbol} .* = if \\(!empty\\(\\w+\\)\\) \\{`),
      );
    }
  });
});

test('what can be asked afterwards is logged: deletions, secrets read, deliveries that failed, containers, Vision', () => {
  const logged = ofType('Microsoft.Insights/diagnosticSettings').map(({ file }) =>
    file.replace(/^modules\//, ''),
  );
  expect([...new Set(logged)].sort()).toEqual([
    'container-apps.bicep',
    'events.bicep',
    'openai.bicep',
    'storage.bicep',
    'vault.bicep',
    'vision.bicep',
  ]);
});
