import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { parseEnv } from 'node:util';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { parseConfig } from '../../core/config.ts';
import { SETTINGS } from '../../core/settings.ts';
import { VERSION } from '../../core/version.ts';
import { contractPath, testWithContracts } from '../contracts.ts';
import { environmentOf, readCompose, type Service } from './compose.ts';

/** What a container is told by its image, and what is for other hosts. */
const NOT_ITS_OWN = /^(HOST|PORT|STORAGE__\w+|AZURITE_\w+|BLOB_TRIGGER_SOURCE|TELEMETRY)$/;

/** What the gateway finds out, or its image tells it. */
const OF_THE_IMAGE = /^(PORT|TMPDIR|RESOLVER)$/;

/** Read by the SDKs of telemetry. */
const TELEMETRY = [
  ...['APPLICATIONINSIGHTS_CONNECTION_STRING', 'APPLICATIONINSIGHTS_AUTHENTICATION_STRING'],
  ...['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_HEADERS', 'OTEL_EXPORTER_OTLP_PROTOCOL'],
  ...['OTEL_SERVICE_NAME', 'OTEL_RESOURCE_ATTRIBUTES'],
  ...['OTEL_TRACES_SAMPLER', 'OTEL_TRACES_SAMPLER_ARG'],
];

const PROGRAM = ['api', 'worker', 'housekeep'];

let text: string;
let raw: unknown;
let services: Readonly<Record<string, Service>>;
beforeAll(async () => {
  ({ text, raw, services } = await readCompose());
});

const all = () => Object.entries(services);

testWithContracts('compose.yaml is what the Compose specification allows', async () => {
  const schema = JSON.parse(await readFile(contractPath('compose/compose-spec.json'), 'utf8'));
  const validate = new Ajv({ strict: false, validateFormats: false }).compile({
    ...schema,
    $schema: undefined,
  });
  validate(raw);
  expect(validate.errors).toBeNull();
});

describe('compose.yaml', () => {
  test('starts the gateway, the API, the worker, housekeeping and a storage', () => {
    expect(Object.keys(services)).toEqual(['gateway', 'api', 'worker', 'housekeep', 'azurite']);
    expect(services.worker?.command).toEqual(['work', '--watch']);
    expect(services.housekeep?.command).toEqual(['housekeep', '--schedule']);
  });

  test('lets only the gateway stand in both networks', () => {
    const networks = Object.fromEntries(all().map(([name, service]) => [name, service.networks]));
    expect(networks).toEqual({
      gateway: ['frontend', 'backend'],
      ...{ api: ['backend'], worker: ['backend'], housekeep: ['backend'], azurite: ['backend'] },
    });
  });

  test('publishes on this machine alone', () => {
    expect(all().flatMap(([, { ports = [] }]) => ports)).toEqual([
      { host_ip: '127.0.0.1', published: '8080', target: 8080 },
      '127.0.0.1:10000:10000',
      '127.0.0.1:10001:10001',
    ]);
  });

  test('gives nobody more than is needed', () => {
    for (const [, service] of all()) {
      expect(service).toMatchObject({
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
        restart: 'unless-stopped',
        stop_grace_period: '30s',
      });
      const { memory, pids } = service.deploy.resources.limits;
      expect([memory, pids]).toEqual([expect.stringMatching(/^\d+[MG]$/), expect.any(Number)]);
      // Docker refuses more processors than the machine has.
      expect(service.deploy.resources.limits).not.toHaveProperty('cpus');
      // Compose would take it before `restart`, and start again what was stopped.
      expect(service.deploy).not.toHaveProperty('restart_policy');
    }
    expect(services.worker?.deploy.resources.limits.memory).toBe('512M');
  });

  test('names each image by its version', () => {
    for (const [name, { image }] of all()) {
      expect(image).toMatch(
        name === 'azurite' ? /:3\.35\.0@sha256:[\da-f]{64}$/ : new RegExp(`:${VERSION}$`),
      );
    }
  });

  test('starts each service when what it needs is well', () => {
    const needs = Object.fromEntries(all().map(([name, service]) => [name, service.depends_on]));
    const isWell = { condition: 'service_healthy' };
    expect(needs).toEqual({
      gateway: { api: isWell },
      ...{ api: { azurite: isWell }, worker: { azurite: isWell }, housekeep: { azurite: isWell } },
      azurite: undefined,
    });
    // What serves nothing would be found ill by the check of its image.
    expect([services.worker, services.housekeep].map((each) => each?.healthcheck?.disable)).toEqual([
      true,
      true,
    ]);
  });

  test.each(PROGRAM)('hands %s settings that are settings', (name) => {
    const service = services[name];
    if (service === undefined) throw new Error(`there is no ${name}`);
    const known = [...Object.keys(SETTINGS), ...TELEMETRY];
    for (const key of Object.keys(service.environment ?? {})) expect(known).toContain(key);
    const config = parseConfig(environmentOf(service));
    expect(config.storage).toMatchObject({
      connectionString: expect.stringContaining('http://azurite:10000/'),
    });
    expect([config.VISION_PROVIDER, config.backfill, config.AUTH]).toEqual(['local', true, 'keys']);
  });

  test('passes every setting on to whom it is for', () => {
    const passed = new Set(PROGRAM.flatMap((name) => Object.keys(services[name]?.environment ?? {})));
    const ours = Object.keys(SETTINGS).filter((key) => !NOT_ITS_OWN.test(key));
    expect([...ours, ...TELEMETRY].filter((key) => !passed.has(key))).toEqual([]);
  });

  test('passes every setting of the gateway on to it', async () => {
    const script = await readFile(new URL('../../containerapp/gateway/start.sh', import.meta.url), 'utf8');
    const settings = [...script.matchAll(/\$\{(\w+):=/g)].map(([, name = '']) => name);
    expect(settings).toContain('UPLOADS_PER_CLIENT');
    const passed = Object.keys(services.gateway?.environment ?? {});
    expect(settings.filter((name) => !OF_THE_IMAGE.test(name) && !passed.includes(name))).toEqual([]);
  });

  test('tells the gateway of the same largest image as the API', async () => {
    const variables = { MAX_IMAGE_BYTES: '1000', TRUSTED_PROXIES: '2' };
    const { gateway, api } = (await readCompose(variables)).services;
    if (!gateway || !api) throw new Error('one is missing');
    for (const each of [gateway, api]) expect(environmentOf(each, variables)).toMatchObject(variables);
  });
});

const STORAGE = 'DefaultEndpointsProtocol=https;AccountName=a;AccountKey=k==;EndpointSuffix=core.windows.net';

describe('.env.sample', () => {
  let sample: string;
  beforeAll(async () => {
    sample = await readFile(new URL('../../containerapp/.env.sample', import.meta.url), 'utf8');
  });

  test('names only variables that compose.yaml reads', () => {
    const names = [...sample.matchAll(/^#?(\w+)=/gm)].map(([, name = '']) => name);
    expect(names.length).toBeGreaterThan(5);
    for (const name of names) expect(text).toMatch(new RegExp(`\\$\\{${name}:-|^ +${name}:$`, 'm'));
    expect(sample).not.toMatch(/^\w/m);
  });

  test('means the same to compose, to the stack and to a shell', () => {
    const set = sample.replace(/^#(\w+=)/gm, '$1').replaceAll('<connection string>', STORAGE);
    const settings = parseEnv(set);
    expect(settings.STORAGE).toBe(STORAGE);
    const shell = spawnSync('env', ['-i', 'sh', '-ac', `${set}\nenv`], { encoding: 'utf8' });
    expect(parseEnv(shell.stdout.replace(/=(.*)$/gm, "='$1'"))).toMatchObject(settings);
  });
});
