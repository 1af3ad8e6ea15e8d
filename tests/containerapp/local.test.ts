import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { AzureBlobs, connectStorage } from '../../core/store/azure-blobs.ts';
import { promptName } from '../../core/store/names.ts';
import { readDocument } from '../answers.ts';
import { freePort, startAzurite } from '../azurite.ts';
import { photo } from '../fixtures/images/photo.ts';

const MAIN = fileURLToPath(new URL('../../containerapp/local/main.ts', import.meta.url));
const PORTS = ['PORT', 'AZURITE_BLOB_PORT', 'AZURITE_QUEUE_PORT', 'AZURITE_TABLE_PORT'] as const;

let folder: string;
let env: Record<string, string>;
const children: ChildProcess[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'local-'));
  env = {};
  for (const port of PORTS) env[port] = `${await freePort()}`;
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** The program as `npm start` runs it, in an empty folder. */
function start(extra: Record<string, string> = {}) {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN], {
    cwd: folder,
    env: { PATH: process.env.PATH, ...env, ...extra },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let output = '';
  let heard = () => {};
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      heard();
    });
  }
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  return {
    child,
    ended,
    output: () => output,
    /** Waits until the output matches, and gives the match. */
    async says(pattern: RegExp): Promise<RegExpMatchArray> {
      const timer = setTimeout(() => child.kill('SIGKILL'), 40_000);
      const over = ended.then(() => 'over');
      for (;;) {
        const match = output.match(pattern);
        if (match) {
          clearTimeout(timer);
          return match;
        }
        const more = new Promise<string>((resolve) => {
          heard = () => resolve('more');
        });
        if ((await Promise.race([more, over])) === 'over')
          throw new Error(`it never said ${pattern}:\n${output}`);
      }
    },
  };
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
    const posted = await fetch(`http://127.0.0.1:${env.PORT}/api/prompts`, {
      method: 'POST',
      body: new Uint8Array(jpeg),
    });
    expect((await readDocument(posted)).prompts).toEqual(dropped.prompts);

    local.child.kill('SIGINT');
    local.child.kill('SIGTERM');
    expect(await local.ended).toBe(0);
    for (const port of PORTS) {
      const probe = createServer().listen(Number(env[port]), '127.0.0.1');
      await once(probe, 'listening');
      probe.close();
    }

    const again = start();
    await again.says(/Ctrl-C stops it/);
    expect(await blobs.head(promptName('holiday/cat 1.jpg'))).not.toBeNull();
    again.child.kill('SIGTERM');
    expect(await again.ended).toBe(0);
    expect(again.output()).not.toMatch(/^done/m);
  }, 90_000);

  test.each(PORTS)(
    'names the setting of a port that is taken: %s',
    async (setting) => {
      const other = createServer().listen(Number(env[setting]), '127.0.0.1');
      await once(other, 'listening');
      const local = start();
      expect(await local.ended).toBe(1);
      other.close();
      expect(local.output()).toBe(
        `Port ${env[setting]} is taken by another program: set ${setting} to a free one.\n`,
      );
    },
    60_000,
  );

  test('C1: says every fault of its settings and ends with 78', async () => {
    const local = start({ VISION_PROVIDER: 'magic', VISION_KEYS: 's3cr3t', PORT: 'x' });
    expect(await local.ended).toBe(78);
    expect(local.output()).toMatch(/VISION_PROVIDER.*PORT/s);
    expect(local.output()).not.toContain('s3cr3t');
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
    local.child.kill('SIGTERM');
    expect(await local.ended).toBe(0);
    expect((await blobs.page({ size: 10 })).blobs.map(({ name }) => name)).toEqual([
      'a.jpg',
      promptName('a.jpg'),
    ]);
    await azurite.close();
  }, 60_000);
});
