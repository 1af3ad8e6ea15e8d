import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BlobSASPermissions,
  BlobServiceClient,
  generateBlobSASQueryParameters,
  StorageSharedKeyCredential,
} from '@azure/storage-blob';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { promptDocument } from '../../../core/prompt/document.ts';
import { photo } from '../../fixtures/images/photo.ts';
import { until } from '../../until.ts';
import { environmentOf, readCompose, type Service } from '../compose.ts';
import { closeImages, describeWithBuildah } from './buildah.ts';
import { type Container, startContainer } from './container.ts';
import { builtImage, type ImageName } from './images.ts';
import { createNetwork, type Network } from './network.ts';

/**
 * compose.yaml brought up as compose would, on the ports it names: the services' commands and settings, in the order and on
 * the conditions of depends_on. The storage is the real Azurite, from this project's packages.
 */

const BUILD_MS = 600_000;
const MIB = 1024 * 1024;
const AZURITE = createRequire(import.meta.url).resolve('azurite/dist/src/azurite.js');
const VARIABLES = { AUTH: 'none', HOUSEKEEPING_SCHEDULE: '* * * * * *' };
const GATEWAY = 'http://127.0.0.1:8080';

describeWithBuildah('the stack of compose.yaml', () => {
  let services: Readonly<Record<string, Service>>;
  let network: Network;
  let data: string;
  const running = new Map<string, Container>();
  let storage: Pick<Container, 'kill' | 'ended'> | undefined;
  const told: string[] = [];
  beforeAll(async () => {
    ({ services } = await readCompose(VARIABLES));
    // One after the other: a build removes what it finds open.
    await builtImage('prompt-generator');
    await builtImage('prompt-generator-gateway');
    network = await createNetwork(['azurite', 'api']);
    data = await mkdtemp(join(tmpdir(), 'azurite-'));
  }, BUILD_MS);
  afterAll(async () => {
    const left = [...running.values(), ...(storage ? [storage] : [])];
    for (const { kill } of left) kill('SIGKILL');
    await Promise.all(left.map(({ ended }) => ended));
    await network?.close();
    await closeImages();
    await rm(data, { recursive: true, force: true });
    console.info(told.join('\n'));
  });

  function service(name: string): Service {
    const found = services[name];
    if (found === undefined) throw new Error(`compose.yaml has no ${name}`);
    return found;
  }

  async function start(name: string): Promise<Container> {
    const { image, command, volumes } = service(name);
    const [imageName = ''] = image.split(':');
    const tmpfs = volumes.find((volume) => typeof volume === 'object');
    const container = await startContainer(await builtImage(imageName as ImageName), {
      ...(command && { command }),
      environment: environmentOf(service(name), VARIABLES),
      enter: network.enter,
      hosts: ['azurite', 'api'],
      ...(tmpfs && { tmpfsBytes: tmpfs.tmpfs.size }),
    });
    running.set(name, container);
    return container;
  }

  const isWell = (container: Container) => async () => (await container.checkHealth()) === 0;

  test('the gateway alone is up and well: it has its page, and a problem for what needs the API', async () => {
    const gateway = await start('gateway');
    await until('the gateway answers', async () => (await network.ask(GATEWAY)).status === 200);
    const live = await network.ask(`${GATEWAY}/api/live`);
    expect([live.status, JSON.parse(live.text)]).toMatchObject([502, { code: 'api-unreachable' }]);
    await until('the gateway is well', isWell(gateway));
  });

  test('the storage is well by the check of compose.yaml, which before it was not', async () => {
    const { command = [], healthcheck } = service('azurite');
    const [kind, , ...check] = healthcheck?.test ?? [];
    expect([kind, command[0]]).toEqual(['CMD', 'azurite']);
    const [enter = '', ...inside] = network.enter;
    const run = (args: readonly string[]) =>
      spawn(enter, [...inside, process.execPath, ...args], {
        stdio: 'ignore',
        timeout: 600_000,
        killSignal: 'SIGKILL',
      });
    const healthOf = async () => (await once(run(check), 'exit'))[0];
    expect(await healthOf()).toBe(1);
    const azurite = run([AZURITE, ...command.slice(1).map((word) => (word === '/data' ? data : word))]);
    const ended = once(azurite, 'exit').then(([code]) => code as number | null);
    storage = { kill: (signal) => azurite.kill(signal), ended };
    await until('the storage is well', async () => (await healthOf()) === 0);
  });

  test('the API is well next, and then, without another start, answers through the gateway', async () => {
    expect(service('gateway').depends_on).toHaveProperty('api');
    expect(service('api').depends_on).toHaveProperty('azurite');
    const begun = performance.now();
    const api = await start('api');
    await until(
      'the API answers',
      async () => (await network.ask('http://127.0.0.1:8000/api/live')).status === 200,
    );
    told.push(`api: first answer after ${Math.round(performance.now() - begun)} ms`);
    await until('the API is well', isWell(api));
    const docs = () => network.ask(`${GATEWAY}/api/docs`);
    await until('the gateway has found it', async () => (await docs()).status === 200);
    expect((await docs()).headers['x-content-type-options']).toBe('nosniff');
  });

  test('an image that is dropped into the storage gets its prompt, through the gateway', async () => {
    await start('worker');
    // The worker makes the container in which images are dropped.
    await until('all is well', async () => (await network.ask(`${GATEWAY}/health`)).status === 200);
    const body = await photo({ width: 640, height: 480 });
    const put = await network.ask(signed('holiday/cat.jpg', environmentOf(service('worker')).STORAGE ?? ''), {
      method: 'PUT',
      headers: { 'x-ms-blob-type': 'BlockBlob', 'content-type': 'image/jpeg' },
      body,
    });
    expect(put.status).toBe(201);
    const begun = performance.now();
    const prompt = () => network.ask(`${GATEWAY}/api/prompts/holiday/cat.jpg`);
    await until('the prompt is there', async () => (await prompt()).status === 200);
    told.push(`worker: the prompt came ${Math.round(performance.now() - begun)} ms after the drop`);
    const { image } = promptDocument.parse(JSON.parse((await prompt()).text));
    expect(image).toMatchObject({ name: 'holiday/cat.jpg', width: 640, height: 480 });
  });

  test('housekeeping runs beside them when its time has come', async () => {
    const housekeep = await start('housekeep');
    await housekeep.says(/"msg":"housekeeping/);
    const prompt = await network.ask(`${GATEWAY}/api/prompts?status=done`);
    expect(JSON.parse(prompt.text)).toMatchObject({ items: [{ name: 'holiday/cat.jpg' }] });
  });

  test('all end with 0 when they are stopped, those in front first', async () => {
    for (const name of ['gateway', 'api', 'worker', 'housekeep']) {
      const container = running.get(name);
      if (container === undefined) throw new Error(`${name} does not run`);
      told.push(`${name}: ${Math.round((await container.rss()) / MIB)} MiB`);
      container.kill(name === 'gateway' ? 'SIGQUIT' : 'SIGTERM');
      expect([name, await container.ended]).toEqual([name, 0]);
    }
  });
});

/** An address to store a blob at, as Storage Explorer would sign its requests with the account's key. */
function signed(name: string, connectionString: string): string {
  const { credential } = BlobServiceClient.fromConnectionString(connectionString);
  if (!(credential instanceof StorageSharedKeyCredential))
    throw new Error('the connection string has no key');
  const query = generateBlobSASQueryParameters(
    {
      ...{ containerName: 'images', blobName: name },
      permissions: BlobSASPermissions.parse('cw'),
      expiresOn: new Date(Date.now() + 600_000),
    },
    credential,
  );
  return `http://127.0.0.1:10000/devstoreaccount1/images/${name}?${query}`;
}
