import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { AzureBlobs, connectStorage } from '../../core/store/azure-blobs.ts';
import { promptName } from '../../core/store/names.ts';
import { readDocument } from '../answers.ts';
import { startAzurite } from '../azurite.ts';
import { photo } from '../fixtures/images/photo.ts';
import { freePorts, type LocalMode, PORT_SETTINGS, type Ports, startLocalMode } from '../local-mode.ts';
import { until } from '../until.ts';

/** Of an account where nobody listens. */
const NOBODY =
  'DefaultEndpointsProtocol=http;AccountName=a;AccountKey=a2V5;BlobEndpoint=http://127.0.0.1:9/a;QueueEndpoint=http://127.0.0.1:9/a';

let folder: string;
let ports: Ports;
const started: LocalMode[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'local-'));
  ports = await freePorts();
});
afterEach(async () => {
  for (const local of started.splice(0)) local.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

function start(settings: Readonly<Record<string, string>> = {}): LocalMode {
  const local = startLocalMode(folder, { ...ports, ...settings });
  started.push(local);
  return local;
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer().listen(port, '127.0.0.1');
  const free = await once(probe, 'listening').then(
    () => true,
    () => false,
  );
  probe.close();
  return free;
}

describe('local mode', () => {
  test('describes samples, drops and posts, stops on a signal, and finds everything again', async () => {
    const local = start();
    const [, connectionString = ''] = await local.says(/(DefaultEndpointsProtocol=\S+)/);
    for (const scene of ['sunset', 'mountains', 'foggy', 'still-life']) {
      await local.says(new RegExp(`^done +samples/${scene}`, 'm'));
    }

    const jpeg = await photo({ width: 800, height: 600 });
    const service = await connectStorage({ connectionString });
    const blobs = new AzureBlobs(service.getContainerClient('images'));
    await blobs.write('holiday/cat 1.jpg', jpeg, { contentType: 'image/jpeg', condition: 'new' });
    const [, address = ''] = await local.says(/^done +holiday\/cat 1\.jpg \(\d+ ms\) “.+” {2}(http:\S+)$/m);
    const dropped = await readDocument(await fetch(address));
    expect(dropped.image.name).toBe('holiday/cat 1.jpg');
    const posted = await fetch(`http://127.0.0.1:${ports.PORT}/api/prompts`, {
      method: 'POST',
      body: new Uint8Array(jpeg),
    });
    expect((await readDocument(posted)).prompts).toEqual(dropped.prompts);

    local.kill('SIGINT');
    local.kill('SIGTERM');
    expect(await local.ended).toBe(0);
    for (const port of PORT_SETTINGS) expect(await isFree(Number(ports[port]))).toBe(true);

    const again = start();
    await again.says(/Ctrl-C stops it/);
    expect(await blobs.head(promptName('holiday/cat 1.jpg'))).not.toBeNull();
    again.kill('SIGTERM');
    expect(await again.ended).toBe(0);
    expect(again.output()).not.toMatch(/^done/m);
  });

  test('P1: killed at work, it loses nothing: started again it goes on, and nothing holds its ports', async () => {
    const local = start();
    const [, connectionString = ''] = await local.says(/(DefaultEndpointsProtocol=\S+)/);
    const service = await connectStorage({ connectionString });
    const blobs = new AzureBlobs(service.getContainerClient('images'));
    const jpeg = await photo({ width: 300, height: 200 });
    const names = Array.from({ length: 40 }, (_, index) => `many/${index}.jpg`);
    await Promise.all(
      names.map((name) => blobs.write(name, jpeg, { contentType: 'image/jpeg', condition: 'new' })),
    );
    await local.says(/^done +many\//m);
    local.kill('SIGKILL');
    await local.ended;
    expect(local.output().match(/^done +many\//gm)?.length).toBeLessThan(names.length);
    // At once: it waits for the storage of the one that was killed to let go of the data and the ports.
    const again = start();
    await again.says(/Ctrl-C stops it/);
    for (const name of names) await until(`the prompt of ${name}`, () => blobs.head(promptName(name)));
    again.kill('SIGTERM');
    expect(await again.ended).toBe(0);
  });

  test('is refused over data that another one has: of two, the last to end would overwrite the other', async () => {
    const local = start();
    await local.says(/Ctrl-C stops it/);
    const other = startLocalMode(folder, await freePorts());
    expect(await other.ended).toBe(1);
    expect(other.output()).toMatch(
      /^Waiting for an earlier start to end\.\nAnother one runs over .*: stop it/,
    );
    local.kill('SIGTERM');
    expect(await local.ended).toBe(0);
  });

  test.each(PORT_SETTINGS)('names the setting of a port that is taken: %s', async (setting) => {
    const other = createServer().listen(Number(ports[setting]), '127.0.0.1');
    await once(other, 'listening');
    const local = start();
    expect(await local.ended).toBe(1);
    other.close();
    expect(local.output()).toBe(
      `Port ${ports[setting]} is taken by another program: set ${setting} to a free one.\n`,
    );
  });

  test('C1: says every fault of its settings and ends with 78', async () => {
    const local = start({ VISION_PROVIDER: 'magic', VISION_KEYS: 's3cr3t', PORT: 'x' });
    expect(await local.ended).toBe(78);
    expect(local.output()).toMatch(/VISION_PROVIDER.*PORT/s);
    expect(local.output()).not.toContain('s3cr3t');
  });

  test('says in a line that its storage ended by itself, and ends', async () => {
    const local = start();
    await local.says(/^done +samples\//m);
    process.kill(Number(await readFile(join(folder, '.azurite/pid'), 'utf8')), 'SIGKILL');
    expect(await local.ended).toBe(1);
    expect(local.output()).toMatch(/^The storage emulator ended by itself: start again\.$/m);
    expect(await isFree(Number(ports.PORT))).toBe(true);
  }, 60_000);

  test.each([
    ['whose folder cannot be written', { file: '.azurite', settings: {} }, /^EEXIST: .*\.azurite/],
    [
      'whose storage does not answer',
      { file: 'other', settings: { STORAGE: NOBODY } },
      /^storage-unavailable: The storage does not answer\. ← connect ECONNREFUSED/,
    ],
    // Its samples cannot be stored: what runs beside that ends, too.
    [
      'of which a part fails',
      { file: 'other', settings: { IMAGES_PREFIX: 'x'.repeat(1020) } },
      /^invalid-name: /m,
    ],
  ])(
    'ends with one line: one %s',
    async (_which, { file, settings }, line) => {
      await writeFile(join(folder, file), '');
      const local = start(settings);
      expect(await local.ended).toBe(1);
      expect(local.output()).toMatch(line);
      expect(local.output()).not.toMatch(/^ +at /m);
    },
    60_000,
  );

  test('takes no arguments: it says where settings go', async () => {
    const refused = startLocalMode(folder, {}, ['--port', '9000']);
    expect(await refused.ended).toBe(64);
    expect(refused.output()).toContain('PORT=9000 npm start');
    const helped = startLocalMode(folder, {}, ['--help']);
    expect(await helped.ended).toBe(0);
    expect(helped.output()).toContain('PORT=9000 npm start');
  }, 60_000);

  test('works over a storage it is given, starts none, and drops no samples there', async () => {
    const azurite = await startAzurite();
    const local = start({ STORAGE: azurite.connectionString });
    await local.says(/Ctrl-C stops it/);
    expect(local.output()).not.toContain('AccountKey');
    const service = await connectStorage({ connectionString: azurite.connectionString });
    const blobs = new AzureBlobs(service.getContainerClient('images'));
    await blobs.write('a.jpg', await photo({ width: 100, height: 100 }), {
      contentType: 'image/jpeg',
      condition: 'new',
    });
    await local.says(/^done +a\.jpg/m);
    local.kill('SIGTERM');
    expect(await local.ended).toBe(0);
    expect((await blobs.page({ size: 10 })).blobs.map(({ name }) => name)).toEqual([
      'a.jpg',
      promptName('a.jpg'),
    ]);
    await azurite.close();
  });

  test('leaves images alone, and says so, that were there before it first started with a provider that costs', async () => {
    const azurite = await startAzurite();
    const service = await connectStorage({ connectionString: azurite.connectionString });
    const blobs = new AzureBlobs(service.getContainerClient('images'));
    await blobs.create();
    await blobs.write('old.jpg', await photo({ width: 100, height: 100 }), {
      contentType: 'image/jpeg',
      condition: 'new',
    });
    // Storage tells whole seconds, and what is as old as the first start is new.
    await until('a second has passed', async () => {
      const old = await blobs.read('old.jpg', { maxBytes: 1 });
      return old && old.servedAt > old.lastModified;
    });
    const local = start({
      STORAGE: azurite.connectionString,
      VISION_PROVIDER: 'azure-vision',
      VISION_ENDPOINT: 'http://127.0.0.1:9',
      VISION_KEY: 'none',
    });
    await local.says(/^1 image was there before .* BACKFILL=on/m);
    local.kill('SIGTERM');
    expect(await local.ended).toBe(0);
    expect((await blobs.page({ size: 10 })).blobs.map(({ name }) => name)).toEqual(['old.jpg']);
    await azurite.close();
  });
});
