import { spawnSync } from 'node:child_process';
import { copyFile, cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import * as z from 'zod';
import { stackOf } from '../../scripts/swarm.ts';
import { readCompose, type Service } from './compose.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** As somebody writes them into .env, and what a container is to find. */
const WRITTEN = {
  STORAGE: 'DefaultEndpointsProtocol=https;AccountName=a;AccountKey=k==;EndpointSuffix=core.windows.net',
  WEBHOOK_URL: 'https://example.com/?a=1&b=2',
  WEBHOOK_SECRET: 'a$b$$c#e',
};
const SETTINGS_OF_ENV = { ...WRITTEN, IMAGE: 'registry.example/program@sha256:0', VISION_KEY: '' };
const FOR_DOCKER = { ...WRITTEN, WEBHOOK_SECRET: 'a$$b$$$$c#e', VISION_KEY: '' };

/** Docker itself is on few machines; what it would be given is tested on all of them. */
const swarm = spawnSync('docker', ['stack', 'config', '--help']).status === 0 ? test : test.skip;

/** What `docker stack deploy` leaves out, which only deploying says. */
const IGNORED_BY_SWARM =
  /^ +(build|depends_on|links|network_mode|platform|privileged|restart|security_opt):/m;

describe('the stack', () => {
  let text: string;
  let services: Readonly<Record<string, Service>>;
  beforeAll(async () => {
    ({ text, services } = await readCompose());
  });

  test('has no port of the storage, which Swarm would publish to everyone', () => {
    const stack = stackOf(text);
    expect(stack).not.toMatch(/1000\d:1000|^x-|^name:/m);
    expect(stack).toContain('replicas: 1');
  });

  test('has nothing that Swarm would leave out', () => {
    expect(stackOf(text)).not.toMatch(IGNORED_BY_SWARM);
  });

  test('has a gateway on each node, on its own port, so that addresses of clients are theirs', () => {
    const { gateway } = servicesOf(stackOf(text, { GATEWAY_PORT: '9090' }));
    expect(gateway).toMatchObject({
      ports: [{ target: 8080, published: '9090', mode: 'host' }],
      deploy: { mode: 'global', resources: services.gateway?.deploy.resources },
    });
    // The new one could not have the port before the old one has gone.
    expect(gateway).not.toHaveProperty('deploy.update_config');
  });

  test('has the settings of .env as they were written, and leaves those of the environment to docker', () => {
    const { worker } = servicesOf(stackOf(text, SETTINGS_OF_ENV));
    expect(worker).toHaveProperty('environment', expect.objectContaining(FOR_DOCKER));
    expect(worker).toHaveProperty('image', 'registry.example/program@sha256:0');
    const inEnvironment = servicesOf(stackOf(text, {})).worker;
    expect(inEnvironment).toHaveProperty('environment.VISION_KEY', null);
    expect(inEnvironment).toHaveProperty('environment.STORAGE', expect.stringMatching(/^\$\{STORAGE:-/));
  });

  swarm('is one that docker stack takes (needs docker)', () => {
    const { status, stderr, stdout } = spawnSync('docker', ['stack', 'config', '-c', '-'], {
      input: stackOf(text, SETTINGS_OF_ENV),
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
    const filled = servicesOf(stdout);
    expect(filled.gateway).toMatchObject({ image: 'prompt-generator-gateway:0.1.0' });
    expect(filled.worker).toHaveProperty('environment', expect.objectContaining(WRITTEN));
  });
});

describe('the task that prints it', () => {
  let clone: string;
  beforeEach(async () => {
    clone = await mkdtemp(join(tmpdir(), 'stack-'));
    await cp(join(ROOT, 'scripts'), join(clone, 'scripts'), { recursive: true });
    await mkdir(join(clone, 'containerapp'));
    await copyFile(join(ROOT, 'containerapp/compose.yaml'), join(clone, 'containerapp/compose.yaml'));
    await symlink(join(ROOT, 'node_modules'), join(clone, 'node_modules'), 'dir');
  });
  afterEach(() => rm(clone, { recursive: true }));

  /** The worker's settings. */
  function printed(environment: Readonly<Record<string, string>>) {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/stack.ts'], {
      ...{ cwd: clone, encoding: 'utf8', timeout: 30_000 },
      env: { PATH: process.env.PATH, ...environment },
    });
    if (status !== 0) throw new Error(stderr);
    return z.object({ environment: z.record(z.string(), z.unknown()) }).parse(servicesOf(stdout).worker)
      .environment;
  }

  test('reads .env, and leaves to docker what the environment has', async () => {
    await writeFile(
      join(clone, 'containerapp/.env'),
      `STORAGE=${WRITTEN.STORAGE}\nVISION_MODEL=a\nVISION_KEY=b\n`,
    );
    const environment = printed({ VISION_KEY: 'c' });
    expect(environment).toMatchObject({ STORAGE: WRITTEN.STORAGE, VISION_MODEL: 'a', VISION_KEY: null });
  });

  test('needs no .env', () => {
    expect(printed({})).toMatchObject({ VISION_KEY: null });
  });
});

function servicesOf(stack: string): Readonly<Record<string, unknown>> {
  return z.object({ services: z.record(z.string(), z.unknown()) }).parse(parse(stack)).services;
}
