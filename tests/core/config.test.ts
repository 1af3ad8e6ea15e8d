import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { ConfigError, parseConfig } from '../../core/config.ts';
import { settingsTable } from '../../core/settings.ts';

const STORAGE = 'UseDevelopmentStorage=true';
const INSIGHTS = 'APPLICATIONINSIGHTS_CONNECTION_STRING';
/** With letters, which Azure writes in lower case. */
const KEY = '0a1b2c3d-0000-4000-8000-00000000000f';

function faultsOf(
  env: Record<string, string>,
  storage: 'required' | 'optional' = 'required',
): readonly string[] {
  try {
    parseConfig(env, { storage });
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

describe('settings', () => {
  test('have defaults for everything but the storage', () => {
    expect(parseConfig({ STORAGE })).toMatchObject({
      storage: { connectionString: STORAGE },
      IMAGES_CONTAINER: 'images',
      MAX_IMAGE_BYTES: 20 * 1024 * 1024,
      MAX_IMAGE_PIXELS: 50_000_000,
      VISION_PROVIDER: 'local',
      HOST: '127.0.0.1',
      PORT: 8000,
      AUTH: 'keys',
    });
  });

  test('name the storage by its address where an identity is used', () => {
    const { storage } = parseConfig({
      STORAGE__blobServiceUri: 'https://a.blob.core.windows.net',
      STORAGE__clientId: 'c',
    });
    expect(storage).toEqual({
      blobServiceUri: 'https://a.blob.core.windows.net',
      queueServiceUri: 'https://a.queue.core.windows.net',
      clientId: 'c',
    });
  });

  test('name the queues too, where they cannot be told from the blobs', () => {
    const own = { STORAGE__blobServiceUri: 'https://blobs.example' };
    expect(faultsOf(own)).toEqual([expect.stringMatching(/^STORAGE__queueServiceUri is missing/)]);
    const { storage } = parseConfig({ ...own, STORAGE__queueServiceUri: 'https://queues.example' });
    expect(storage).toMatchObject({ queueServiceUri: 'https://queues.example' });
    expect(faultsOf({ STORAGE: 'BlobEndpoint=https://b.example;SharedAccessSignature=x' })).toEqual([
      'STORAGE names no queue service (QueueEndpoint)',
    ]);
  });

  test('describe what was there before only where that costs nothing, or is asked for', () => {
    const remote = { STORAGE, VISION_PROVIDER: 'azure-vision', VISION_ENDPOINT: 'https://v.example' };
    expect(parseConfig({ STORAGE }).backfill).toBe(true);
    expect(parseConfig(remote).backfill).toBe(false);
    expect(parseConfig({ ...remote, BACKFILL: 'on' }).backfill).toBe(true);
    expect(parseConfig({ STORAGE, BACKFILL: 'off' }).backfill).toBe(false);
  });

  test('have a schedule of six fields, as the Functions host counts them', () => {
    expect(parseConfig({ STORAGE, HOUSEKEEPING_SCHEDULE: '0 */5 * * * *' }).HOUSEKEEPING_SCHEDULE).toBe(
      '0 */5 * * * *',
    );
    for (const schedule of ['* * * * *', 'hourly', '0 0 25 * * *', '0 0 0 30 2 *']) {
      expect(faultsOf({ STORAGE, HOUSEKEEPING_SCHEDULE: schedule })).toEqual([
        expect.stringMatching(/^HOUSEKEEPING_SCHEDULE is not a schedule of six fields/),
      ]);
    }
  });

  test('need no storage in local mode', () => {
    expect(parseConfig({}, { storage: 'optional' }).storage).toBeNull();
    expect(faultsOf({})).toEqual([expect.stringMatching(/^STORAGE is missing/)]);
  });

  test('take lists with spaces and without repeats', () => {
    expect(parseConfig({ STORAGE, PROMPT_TARGETS: 'sdxl, plain,sdxl' }).PROMPT_TARGETS).toEqual([
      'sdxl',
      'plain',
    ]);
  });

  test('take a fraction of a call per second', () => {
    expect(parseConfig({ STORAGE, VISION_TPS: '0.33' }).VISION_TPS).toBe(0.33);
  });

  test('take a rate as a number of requests per second, minute or hour, or none', () => {
    const rateOf = (RATE_LIMIT: string) => parseConfig({ STORAGE, RATE_LIMIT }).RATE_LIMIT;
    expect(rateOf('5/s')).toEqual({ requests: 5, windowMs: 1_000 });
    expect(rateOf('60/min')).toEqual({ requests: 60, windowMs: 60_000 });
    expect(rateOf('1000/h')).toEqual({ requests: 1000, windowMs: 3_600_000 });
    expect(rateOf('off')).toBeNull();
  });

  test('that contradict each other are refused', () => {
    expect(faultsOf({ STORAGE, STORAGE__blobServiceUri: 'https://a.blob.core.windows.net' })).toHaveLength(1);
    expect(faultsOf({ STORAGE, VISION_PROVIDER: 'azure-vision' })).toEqual([
      expect.stringMatching(/^VISION_ENDPOINT/),
    ]);
    expect(faultsOf({ STORAGE, VISION_PROVIDER: 'openai' })).toEqual([
      expect.stringMatching(/^VISION_ENDPOINT is missing/),
      expect.stringMatching(/^VISION_MODEL is missing/),
    ]);
  });

  test('for a chat model need a base URL, since one without a path is never right', () => {
    const env = { STORAGE, VISION_PROVIDER: 'openai', VISION_MODEL: 'llava' };
    const endpoint = 'http://127.0.0.1:11434';
    for (const incomplete of [endpoint, `${endpoint}/`]) {
      expect(faultsOf({ ...env, VISION_ENDPOINT: incomplete })).toEqual([
        expect.stringMatching(/^VISION_ENDPOINT has no path/),
      ]);
    }
    expect(parseConfig({ ...env, VISION_ENDPOINT: `${endpoint}/v1` }).vision).toEqual({
      provider: 'openai',
      endpoint: `${endpoint}/v1`,
      key: undefined,
      model: 'llava',
    });
  });

  test.each([
    '',
    ' ',
    `InstrumentationKey=${KEY}`,
    `instrumentationkey=${KEY};EndpointSuffix=ai.contoso.com;`,
    `InstrumentationKey=${KEY};IngestionEndpoint=https://a.in.example/;LiveEndpoint=https://b.example/;ApplicationId=${KEY}`,
  ])('take what Application Insights calls a connection string, or none: "%s"', (value) => {
    expect(faultsOf({ STORAGE, [INSIGHTS]: value })).toEqual([]);
  });

  test('leave the environment of other programs alone', () => {
    expect(faultsOf({ STORAGE, PATH: '/bin', IMAGE: 'x', AZURE_CLIENT_ID: '', npm_config_x: ' ' })).toEqual(
      [],
    );
  });

  test.each([
    ...['PROMPT_COMMAND', 'PROMPT_DIRTRIM'],
    ...['PROMPT_GENERATOR_SERVICE_HOST', 'PROMPT_GENERATOR_SERVICE_PORT', 'VISION_API_SERVICE_PORT_HTTP'],
    ...['PROMPT_GENERATOR_PORT', 'PROMPT_GENERATOR_PORT_80_TCP', 'IMAGE_STORE_PORT_53_UDP_PROTO'],
    ...['WEBHOOK_PORT_443_TCP_PORT', 'FETCH_PORT_443_TCP_ADDR'],
  ])('leave alone what bash and Kubernetes set, although it begins like theirs: %s', (key) => {
    expect(faultsOf({ STORAGE, [key]: 'x' })).toEqual([]);
  });

  test.each([
    [{ AZURITE_BLOB_PORT: '10001' }],
    [{ AZURITE_TABLE_PORT: '8000' }],
    [{ PORT: '10002' }],
    [{ PORT: '9000', AZURITE_QUEUE_PORT: '9000' }],
  ])('need ports that differ, where local mode starts a storage: %j', (ports) => {
    expect(faultsOf(ports, 'optional')).toEqual([expect.stringMatching(/_PORT.* are not all different$/)]);
    expect(faultsOf({ ...ports, STORAGE }, 'optional')).toEqual([]);
    expect(faultsOf({ PORT: '0' }, 'optional')).toEqual([]);
  });
});

describe('C1: a faulty setting stops the start', () => {
  const bad: [string, string][] = [
    ['PORT', 'eighty'],
    ['PORT', '-1'],
    ['PORT', '65536'],
    ['PORT', '80.5'],
    ['PORT', '1e3'],
    ['MAX_IMAGE_BYTES', '0'],
    ['MAX_IMAGE_BYTES', '20971521'],
    ['MAX_IMAGE_PIXELS', '99999999999999999999'],
    ['AZURITE_BLOB_PORT', '0'],
    ['IMAGES_CONTAINER', 'Images'],
    ['IMAGES_CONTAINER', 'a--b'],
    ['IMAGES_PREFIX', '../x'],
    ['IMAGES_PREFIX', '/x'],
    ['VISION_PROVIDER', 'azure'],
    ['VISION_ENDPOINT', 'http://example.com'],
    ['VISION_ENDPOINT', 'https://user:secret@example.com'],
    ['VISION_ENDPOINT', 'not an address'],
    ['VISION_KEY', 'one\ntwo'],
    ['VISION_TPS', '0'],
    ['VISION_TPS', '-1'],
    ['VISION_TPS', '1e3'],
    ['VISION_TPS', '1001'],
    ['VISION_DAILY_LIMIT', '0'],
    ['VISION_DAILY_LIMIT', '1.5'],
    ['STATE_CONTAINER', 'State'],
    ['STATE_CONTAINER', 'images'],
    ['VISION_FEATURES', 'caption,adult'],
    ['VISION_FEATURES', ','],
    ['VISION_LANGUAGE', 'English'],
    ['PROMPT_TARGETS', 'dalle'],
    ['API_KEYS', 'the-key-itself'],
    ['AUTH', 'off'],
    ['FETCH_ALLOWED_HOSTS', 'https://photos.example'],
    ['FETCH_ALLOWED_HOSTS', 'photos.example,'],
    ['FETCH_ALLOWED_HOSTS', 'photos.*'],
    ['TRUSTED_PROXIES', '-1'],
    ['TRUSTED_PROXIES', '10.0.0.0/8'],
    ['CORS_ORIGINS', '*'],
    ['CORS_ORIGINS', 'app.example.com'],
    ['CORS_ORIGINS', 'https://app.example.com/'],
    ['CORS_ORIGINS', 'https://App.example.com'],
    ['CORS_ORIGINS', 'null'],
    ['CORS_ORIGINS', 'https://app.example.com,'],
    ['RATE_LIMIT', '60'],
    ['RATE_LIMIT', '0/min'],
    ['RATE_LIMIT', '60/day'],
    ['RATE_LIMIT', '1e3/s'],
    ['RATE_LIMIT', 'none'],
    ['LOG_LEVEL', 'loud'],
    [INSIGHTS, 'garbage'],
    [INSIGHTS, 'InstrumentationKey='],
    [INSIGHTS, 'InstrumentationKey=abc'],
    [INSIGHTS, `InstrumentationKey=${KEY.toUpperCase()}`],
    [INSIGHTS, 'IngestionEndpoint=https://a.example/'],
    [INSIGHTS, `InstrumentationKey=${KEY};bad`],
    [INSIGHTS, `InstrumentationKey=${KEY};;IngestionEndpoint=https://a.example/`],
    [INSIGHTS, `InstrumentationKey=${KEY};IngestionEndpoint=not a url`],
    [INSIGHTS, `InstrumentationKey=${KEY};IngestionEndpoint=a.example`],
  ];
  test.each(bad)('%s=%s', (key, value) => {
    const faults = faultsOf({ STORAGE, [key]: value });
    expect(faults.length).toBeGreaterThan(0);
    expect(faults.every((fault) => fault.startsWith(`${key} `))).toBe(true);
  });

  const keys = [...settingsTable().matchAll(/^\| `(\w+)`/gm)].map((row) => row[1] ?? '');
  test.each(keys)('%s is refused when it is empty or blank', (key) => {
    for (const value of ['', '   ', '\t']) {
      const env = { ...(key.startsWith('STORAGE') ? {} : { STORAGE }), [key]: value };
      const ofThis = faultsOf(env, 'optional').filter((fault) => fault.startsWith(`${key} `));
      expect(ofThis).toEqual([`${key} is empty: give it a value or remove it`]);
    }
  });

  test.each([
    'VISION_ENDPIONT',
    'PROMPT_TARGET',
    'IMAGES_CONTAINERS',
    'IMAGE_EVENT_QUEUE',
    'FETCH_HOSTS',
    'WEBHOOK_URI',
  ])('%s is refused as no setting', (key) => {
    expect(faultsOf({ STORAGE, [key]: 'x' })).toEqual([expect.stringContaining(`${key} is not a setting`)]);
  });

  test('says which kind of name it is, and where plain http is taken', () => {
    expect(faultsOf({ STORAGE, IMAGE_EVENTS_QUEUE: 'My_Queue' })).toEqual([
      'IMAGE_EVENTS_QUEUE is not a queue name (3 to 56 lower-case letters, digits and single hyphens)',
    ]);
    expect(faultsOf({ STORAGE, IMAGES_CONTAINER: 'My_Images' })).toEqual([
      'IMAGES_CONTAINER is not a container name (3 to 63 lower-case letters, digits and single hyphens)',
    ]);
    expect(faultsOf({ STORAGE, VISION_ENDPOINT: 'http://host.docker.internal:11434/v1' })).toEqual([
      expect.stringMatching(/^VISION_ENDPOINT is not an https address .*http only for this machine itself/),
    ]);
  });

  test('all faults are told together, and no value is repeated', () => {
    const secret = 's3cr3t';
    const env = {
      PORT: secret,
      API_KEYS: secret,
      VISION_ENDPOINT: secret,
      VISION_KEY: ' ',
      VISION_KEYS: secret,
    };
    const faults = faultsOf(env);
    expect(faults).toHaveLength(6);
    expect(faults.join()).not.toContain(secret);
  });
});

test('the table of README is the one of the code', async () => {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  expect(readme).toContain(settingsTable());
});
