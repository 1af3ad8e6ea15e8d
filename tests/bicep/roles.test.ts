import { readdirSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { bicep, declared, expression, FILES, ROOT, source, texts } from './read-bicep.ts';

interface Role {
  readonly name: string;
  readonly id: string;
  /** The file that needs it, and by what. */
  readonly needed: readonly (readonly [file: string, call: RegExp])[];
}

/** https://learn.microsoft.com/azure/role-based-access-control/built-in-roles */
const ACCESS: Readonly<Record<string, Role>> = {
  blobContributor: {
    name: 'Storage Blob Data Contributor',
    id: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe',
    needed: [
      ['core/store/azure-blobs.ts', /\.download\(/],
      ['core/store/azure-blobs.ts', /\.upload\(/],
      ['core/store/azure-blobs.ts', /\.delete\(/],
    ],
  },
  blobDelegator: {
    name: 'Storage Blob Delegator',
    id: 'db58b8e5-c6ad-4a2a-8342-4190687cbf4a',
    needed: [['core/store/upload-signer.ts', /\.getUserDelegationKey\(/]],
  },
  queueContributor: {
    name: 'Storage Queue Data Contributor',
    id: '974c5e8b-45b9-4653-ba55-5f855dd0fb88',
    needed: [
      ['core/queue/azure-queue.ts', /\.receiveMessages\(/],
      ['core/queue/azure-queue.ts', /\.updateMessage\(/],
      ['core/queue/azure-queue.ts', /\.deleteMessage\(/],
    ],
  },
  queueReader: {
    name: 'Storage Queue Data Reader',
    id: '19e7f393-937e-4f77-808e-94535e297925',
    needed: [
      ['core/queue/azure-queue.ts', /\.getProperties\(/],
      ['core/api/routes/health.ts', /events\.length\(/],
    ],
  },
  queueSender: {
    name: 'Storage Queue Data Message Sender',
    id: 'c6a89b2d-59bc-44d0-9896-0f6e12d7b80a',
    needed: [
      ['core/queue/azure-queue.ts', /\.sendMessage\(/],
      ['core/api/routes/retry.ts', /events\.send\(/],
      ['core/queue/handle-message.ts', /poison\.send\(/],
      ['core/housekeeping/sweep/take-step.ts', /events\.send\(/],
    ],
  },
  cognitiveUser: {
    name: 'Cognitive Services User',
    id: 'a97b65f3-24c7-4388-baec-2e87135dc908',
    needed: [
      ['core/vision/authorize.ts', /'https:\/\/cognitiveservices\.azure\.com\/\.default'/],
      ['core/vision/azure-vision/client.ts', /await authorize\(/],
    ],
  },
  openAiUser: {
    name: 'Cognitive Services OpenAI User',
    id: '5e0bd9bd-7b93-4f28-af87-19fc36ad61bd',
    needed: [['core/vision/openai/client.ts', /await authorize\(/]],
  },
  secretsUser: {
    name: 'Key Vault Secrets User',
    id: '4633458b-17de-408a-b874-0445c86b69e6',
    needed: [['core/key-vault.ts', /\.getSecret\(/]],
  },
  metricsPublisher: {
    name: 'Monitoring Metrics Publisher',
    id: '3913510d-42f4-4e42-8a64-420c390055eb',
    needed: [
      ['host.json', /"applicationInsights"/],
      ['bicep/modules/monitoring.bicep', /DisableLocalAuth: true/],
    ],
  },
  registryPull: {
    name: 'AcrPull',
    id: '7f951dda-4ed3-4680-a7ca-43fe172d538d',
    needed: [['bicep/modules/api.bicep', /registries: \[\{ server: shared\.registryServer, identity: /]],
  },
};

/** What the Functions host does on its own account. */
const HOST_STORAGE: Readonly<Record<string, Role>> = {
  blobOwner: {
    name: 'Storage Blob Data Owner',
    id: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b',
    needed: [['functions/housekeeping.ts', /app\.timer\(/]],
  },
  queueContributor: {
    name: 'Storage Queue Data Contributor',
    id: '974c5e8b-45b9-4653-ba55-5f855dd0fb88',
    needed: [['functions/describe-image.ts', /app\.storageBlob\(/]],
  },
  tableContributor: {
    name: 'Storage Table Data Contributor',
    id: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3',
    needed: [['host.json', /"extensionBundle"/]],
  },
};

/** What Event Grid does for its topic. */
const TOPIC: Readonly<Record<string, Role>> = {
  blobContributor: {
    name: 'Storage Blob Data Contributor',
    id: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe',
    needed: [['bicep/modules/subscription.bicep', /deadLetterWithResourceIdentity: /]],
  },
  queueSender: {
    name: 'Storage Queue Data Message Sender',
    id: 'c6a89b2d-59bc-44d0-9896-0f6e12d7b80a',
    needed: [['bicep/modules/subscription.bicep', /deliveryWithResourceIdentity: /]],
  },
};

const GIVEN = [
  ['modules/access.bicep', ACCESS],
  ['modules/host-storage.bicep', HOST_STORAGE],
  ['modules/topic-access.bicep', TOPIC],
] as const;

describe.each(GIVEN)('the roles of %s', (file, roles) => {
  test('are those that are known here, by the numbers Azure gives them', () => {
    const given = [...expression(file, 'roles').matchAll(/(\w+): '([0-9a-f-]+)'/g)];
    expect(Object.fromEntries(given.map(([, name, id]) => [name, id]))).toEqual(
      Object.fromEntries(Object.entries(roles).map(([name, { id }]) => [name, id])),
    );
  });

  test.each(Object.entries(roles))('%s is given, and needed by a call', (symbol, { needed }) => {
    expect(needed.length).toBeGreaterThan(0);
    for (const [path, call] of needed) expect(source(path)).toMatch(call);
    if (file !== 'modules/host-storage.bicep') {
      expect(bicep(file)).toMatch(
        new RegExp(`(?:'Microsoft.Authorization/roleDefinitions', |[?:] )roles\\.${symbol}\\b`),
      );
    }
  });

  test('stand in the table of docs/security.md', () => {
    const rows = source('docs/security.md').split('\n');
    for (const { name } of Object.values(roles)) {
      expect(rows.some((row) => row.startsWith('| ') && row.includes(`| ${name} |`))).toBe(true);
    }
  });
});

describe('roles', () => {
  test('are given in these files alone, by identity and to services', () => {
    const assignments = declared('resource').filter(
      ({ of }) => of === 'Microsoft.Authorization/roleAssignments',
    );
    expect([...new Set(assignments.map(({ file }) => file))].sort()).toEqual(
      GIVEN.map(([file]) => file).sort(),
    );
    for (const { body } of assignments) {
      expect(body).toContain("principalType: 'ServicePrincipal'");
      expect(body).toMatch(/name: guid\([^\n]*principalId, /);
    }
  });

  test('that could change settings, roles or the account itself are not among them', () => {
    const all = FILES.map(bicep).join('\n');
    for (const id of [
      '8e3af657-a8ff-443c-a75c-2fe8c4bcb635', // Owner
      'b24988ac-6180-42a0-ab88-20f7382dd24c', // Contributor
      '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9', // User Access Administrator
      '17d1049b-9a84-46fb-8f53-869881c3d3ab', // Storage Account Contributor
    ]) {
      expect(all).not.toContain(id);
    }
  });
});

describe('workloads', () => {
  const workloads = declared('module').filter(({ of }) => of === 'access.bicep');
  const of = (name: string) => {
    const found = workloads.find(({ file }) => file === `modules/${name}.bicep`);
    if (!found) throw new Error(`${name} has no access`);
    return (parameter: string) => new RegExp(`${parameter}: (.*)`).exec(found.body)?.[1] ?? '';
  };
  const sources = (folder: string) =>
    readdirSync(`${ROOT}${folder}`, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => source(`${folder}/${name}`))
      .join('\n');

  test('are four, each with an identity of its own', () => {
    const identities = declared('module').filter(({ of }) => of === 'identity.bicep');
    const names = identities.map(({ body }) => texts(/name: (.*)\}/.exec(body)?.[1] ?? '').join(''));
    expect(new Set(names).size).toBe(4);
    expect(workloads.map(({ file }) => file).sort()).toEqual(identities.map(({ file }) => file).sort());
  });

  test('only those that take messages may', () => {
    expect(of('worker')('consumes')).toBe('[imageEventsQueue]');
    expect(of('functions')('consumes')).toContain('queues');
    for (const name of ['api', 'housekeeping']) expect(of(name)('consumes')).toBe('[]');
    expect(sources('core/api') + sources('core/housekeeping')).not.toMatch(/\.receive\(/);
  });

  test('only those that have the API sign uploads', () => {
    expect(
      ['functions', 'api', 'worker', 'housekeeping'].filter((name) => of(name)('signsUploads') === 'true'),
    ).toEqual(['functions', 'api']);
    expect(sources('core/describe') + sources('core/queue') + sources('core/housekeeping')).not.toMatch(
      /\.sign\(/,
    );
  });

  test('only those that describe ask Vision and read secrets', () => {
    expect(of('housekeeping')('describes')).toBe('false');
    for (const name of ['functions', 'api', 'worker']) expect(of(name)('describes')).toBe('true');
    expect(sources('core/housekeeping')).not.toMatch(/\.analyze\(|apiKeyHashes|visionKey/);
  });

  test('only what runs an image may pull it', () => {
    expect(of('functions')('registry')).toBe("''");
    for (const name of ['api', 'worker', 'housekeeping'])
      expect(of(name)('registry')).toBe('shared.registry');
  });
});
