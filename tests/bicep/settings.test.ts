import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SETTINGS } from '../../core/settings.ts';
import { VISION_PROVIDERS } from '../../core/vision/vision.ts';
import { allowed, bicep, expression, FILES, settingsIn, texts } from './read-bicep.ts';

/** What Azure, its SDKs and the system read, and why it is set. */
const OF_THE_HOST: Readonly<Record<string, string>> = {
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'telemetry by identity',
  APPLICATIONINSIGHTS_CONNECTION_STRING: 'where telemetry goes',
  AzureFunctionsJobHost__telemetryMode: 'of the host, where the worker tells of itself',
  AZURE_CLIENT_ID: 'which identity the SDKs take',
  AzureWebJobsStorage__blobServiceUri: "the Functions host's own storage",
  AzureWebJobsStorage__clientId: 'as above',
  AzureWebJobsStorage__credential: 'as above',
  AzureWebJobsStorage__queueServiceUri: 'as above',
  AzureWebJobsStorage__tableServiceUri: 'as above',
  MALLOC_ARENA_MAX: 'see scripts/run.mjs',
};

const LEFT_OUT: Readonly<Record<string, string>> = {
  STORAGE:
    'it would hold a key of the account, which has none: STORAGE__blobServiceUri and the identity instead',
  VISION_KEY: 'a secret: the vault has it as vision-key',
  API_KEYS: 'the vault has them as api-keys, where they can change without a deployment',
  AZURITE_BLOB_PORT: 'local mode only',
  AZURITE_QUEUE_PORT: 'local mode only',
  AZURITE_TABLE_PORT: 'local mode only',
  WEBHOOK_SECRET: 'the vault has it as webhook-secret',
  INDEX_TAGS: 'writing tags needs Storage Blob Data Owner, which nothing else needs',
  VISION_MODELS_DIR: "a model on one's own machine",
  VISION_OFFLINE: 'as above',
  VISION_IDLE_SECONDS: 'as above',
};

const set = new Set(FILES.flatMap((file) => settingsIn(bicep(file))));
const isSetting = (name: string): name is keyof typeof SETTINGS => Object.hasOwn(SETTINGS, name);

describe('settings', () => {
  test('each one that is set is one of the program or of the host', () => {
    const strange = [...set].filter((name) => !isSetting(name) && !(name in OF_THE_HOST));
    expect(strange).toEqual([]);
  });

  test('each one of the program is set, or left out for a reason', () => {
    const missing = Object.keys(SETTINGS).filter((name) => set.has(name) === name in LEFT_OUT);
    expect(missing).toEqual([]);
  });

  test('each one of the host that is known here is set', () => {
    expect(Object.keys(OF_THE_HOST).filter((name) => !set.has(name))).toEqual([]);
  });

  test('nothing that Flex Consumption has in functionAppConfig is set', () => {
    for (const name of [
      'FUNCTIONS_WORKER_RUNTIME',
      'FUNCTIONS_EXTENSION_VERSION',
      'WEBSITE_RUN_FROM_PACKAGE',
      'WEBSITE_NODE_DEFAULT_VERSION',
    ]) {
      expect(set.has(name)).toBe(false);
    }
  });

  const choices = [...bicep('settings.bicep').matchAll(/(\w+): \(([^)]*)\)\?/g)]
    .map(([, name = '', values = '']) => [name, texts(values)] as const)
    .filter(([name]) => isSetting(name));

  test.each(choices)('what can be chosen for %s is what the program takes', (name, values) => {
    if (!isSetting(name)) throw new Error(`${name} is no setting`);
    expect(values.length).toBeGreaterThan(1);
    for (const value of values) expect(SETTINGS[name].schema.safeParse(value).error).toBeUndefined();
    expect(SETTINGS[name].schema.safeParse('anything-else').success).toBe(false);
  });

  test('there are no other providers than the program has', () => {
    expect(allowed('main.bicep', 'visionProvider').sort()).toEqual([...VISION_PROVIDERS].sort());
  });

  test.each([
    ['imagesContainer', 'IMAGES_CONTAINER'],
    ['stateContainer', 'STATE_CONTAINER'],
    ['imageEventsQueue', 'IMAGE_EVENTS_QUEUE'],
    ['housekeepingSchedule', 'HOUSEKEEPING_SCHEDULE'],
  ] as const)('%s is by default what the program has for %s', (parameter, name) => {
    expect(texts(expression('main.bicep', parameter))).toEqual([SETTINGS[name].schema.parse(undefined)]);
  });

  test('the biggest image is by default the biggest that the program takes', () => {
    expect(Number(expression('main.bicep', 'maxImageBytes'))).toBe(
      SETTINGS.MAX_IMAGE_BYTES.schema.parse(undefined),
    );
  });
});

describe('VISION_TPS', () => {
  /** Bicep's own expressions: its whole numbers are cut off by a division, as BigInt's are. */
  const formula = [
    `const max = (a, b) => (a > b ? a : b);`,
    `const padLeft = (value, width, fill) => String(value).padStart(Number(width), fill);`,
    ...['milliCalls', 'visionTps'].map(
      (name) => `const ${name} = ${inJavaScript(expression('main.bicep', name))};`,
    ),
    'return visionTps;',
  ].join('\n');
  const compute = new Function('callsPerMinute', 'mostInstances', formula);

  function inJavaScript(code: string): string {
    return code
      .replaceAll("'0'", '"0"')
      .replaceAll("'", '`')
      .replace(/\b\d+\b(?!")/g, '$&n');
  }

  test('is what the account allows, divided by the most instances, in the form the program reads', () => {
    expect(compute(600n, 40n)).toBe('0.250');
    expect(compute(20n, 40n)).toBe('0.008');
    expect(compute(600n, 1n)).toBe('10.000');
    const rate = fc.bigInt({ min: 1n, max: 60_000n });
    const instances = fc.bigInt({ min: 1n, max: 1_030n });
    fc.assert(
      fc.property(rate, instances, (callsPerMinute, mostInstances) => {
        const perSecond = SETTINGS.VISION_TPS.schema.parse(compute(callsPerMinute, mostInstances));
        const together = perSecond * Number(mostInstances) * 60;
        // A thousandth is the least that can be said.
        if (perSecond > 0.001) expect(together).toBeLessThanOrEqual(Number(callsPerMinute) + 1e-6);
      }),
    );
  });
});
