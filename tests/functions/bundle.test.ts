import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Azurite } from '../../containerapp/local/azurite.ts';
import { AzureBlobs, connectStorage } from '../../core/store/azure-blobs.ts';
import { promptName } from '../../core/store/names.ts';
import { readDocument } from '../answers.ts';
import { startAzurite } from '../azurite.ts';
import { BUILD_DEADLINE_MS, builtHosts } from '../built.ts';
import { signalWhileLoading, startCommand } from '../containerapp/command.ts';
import { photo } from '../fixtures/images/photo.ts';
import { type Front, startFront } from './front.ts';
import { startWorker, type Worker } from './worker.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CHILD_DEADLINE_MS = 60_000;

let built: string;
let azurite: Azurite;
let blobs: AzureBlobs;

beforeAll(async () => {
  built = await builtHosts();
  azurite = await startAzurite();
  const service = await connectStorage({ connectionString: azurite.connectionString });
  blobs = new AzureBlobs(service.getContainerClient('images'));
  await blobs.create();
  await new AzureBlobs(service.getContainerClient('prompt-state')).create();
}, BUILD_DEADLINE_MS + 30_000);

afterAll(() => azurite.close());

const settings = () => ({ STORAGE: azurite.connectionString, AUTH: 'none', PORT: '0' });

/** The bundles are for one platform, whatever machine made them. */
const describeWhereItRuns = process.platform === 'linux' && process.arch === 'x64' ? describe : describe.skip;

describeWhereItRuns('the Functions bundle', () => {
  let worker: Worker;
  let front: Front;

  beforeAll(async () => {
    worker = await startWorker(join(built, 'functions/main.mjs'), settings());
    front = await startFront(worker);
  });
  afterAll(async () => {
    await front.close();
    await worker.close();
  });

  const request = (path: string, init?: RequestInit) => fetch(front.address + path, init);

  test('registers exactly its functions', () => {
    const registrations = worker.registrations.map(({ name, bindings }) => [
      name,
      // The library makes up the names of bindings, and says of each that it is not deferred.
      ...Object.values(bindings).map(({ name: _name, properties: _properties, ...binding }) => binding),
    ]);
    expect(registrations).toEqual([
      [
        'api',
        {
          type: 'httpTrigger',
          direction: 'in',
          authLevel: 'anonymous',
          methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
          route: '{*path}',
        },
        { type: 'durableClient', direction: 'in' },
        { type: 'http', direction: 'out' },
      ],
      [
        'describe-image',
        {
          type: 'blobTrigger',
          direction: 'in',
          path: 'images/{name}',
          connection: 'STORAGE',
          source: 'EventGrid',
        },
      ],
      [
        'describe-queued',
        { type: 'queueTrigger', direction: 'in', queueName: 'image-events', connection: 'STORAGE' },
      ],
      [
        'housekeeping',
        { type: 'timerTrigger', direction: 'in', schedule: '0 0 * * * *' },
        { type: 'durableClient', direction: 'in' },
      ],
      ['batch', { type: 'orchestrationTrigger', direction: 'in' }],
      ...['batch-next', 'batch-describe', 'batch-keep', 'batch-fail'].map((name) => [
        name,
        { type: 'activityTrigger', direction: 'in' },
      ]),
    ]);
  });

  test('answers over HTTP', async () => {
    const live = await request('/api/live');
    expect(live.status).toBe(200);
    expect(await live.json()).toBeTruthy();
  });

  test('describes a posted image with the sharp it brought along', async () => {
    const body = new Uint8Array(await photo({ width: 640, height: 480 }));
    const headers = { 'content-type': 'image/jpeg' };
    const answer = await request('/api/prompts', { method: 'POST', body, headers });
    expect((await readDocument(answer)).image).toMatchObject({ format: 'jpeg', width: 640, height: 480 });
  });

  test('renders a QR code in a process of its own, from the bundle', async () => {
    const answer = await request('/api/qr?text=hello&size=64');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/png']);
    const png = Buffer.from(await answer.arrayBuffer());
    expect(png.subarray(1, 4).toString()).toBe('PNG');
  });

  test('brings the page of the docs along, with all that it loads', async () => {
    for (const path of ['/api/docs', '/api/docs/swagger-ui-bundle.js', '/api/docs/swagger-ui.css']) {
      const answer = await request(path);
      expect([path, answer.status, (await answer.text()).length > 300]).toEqual([path, 200, true]);
    }
    expect(await (await request('/api/openapi.json')).json()).toMatchObject({ openapi: '3.1.0' });
  });

  test('describes a dropped image, and leaves what is none alone', async () => {
    const jpeg = await photo({ width: 300, height: 200 });
    await blobs.write('a b/é.jpg', jpeg, { contentType: 'image/jpeg', condition: 'new' });
    await worker.call('describe-image', { name: { string: 'a b/é.jpg' } });
    await worker.call('describe-image', { name: { string: 'notes.txt' } });
    const { blobs: listed } = await blobs.page({ size: 10 });
    expect(listed.map(({ name }) => name)).toEqual(['a b/é.jpg', promptName('a b/é.jpg')]);
  });

  test('describes a queued image', async () => {
    const jpeg = await photo({ width: 300, height: 200, seed: 2 });
    await blobs.write('queued.jpg', jpeg, { contentType: 'image/jpeg', condition: 'new' });
    const input = JSON.stringify({ container: 'images', name: 'queued.jpg' });
    await worker.call('describe-queued', { DequeueCount: { json: '1' } }, { input });
    expect(await blobs.head(promptName('queued.jpg'))).not.toBeNull();
  });

  test('plays an orchestrator, whose library comes with the first of them', async () => {
    const event = { EventId: -1, IsPlayed: false, Timestamp: new Date() };
    const turn = {
      history: [
        { ...event, EventType: 12 },
        { ...event, EventType: 0, Name: 'batch' },
      ],
      ...{ instanceId: 'a', input: { id: 'a' }, isReplaying: false, upperSchemaVersion: 3 },
      ...{ maximumShortTimerDuration: '6.00:00:00', longRunningTimerIntervalDuration: '3.00:00:00' },
    };
    await worker.call('batch', {}, { input: JSON.stringify(turn) });
    await expect(worker.call('batch', {}, { input: '{}' })).rejects.toThrow();
  });
});

describeWhereItRuns('the container bundle', () => {
  test('serves, and ends with 0 on SIGTERM', async () => {
    const child = spawn(process.execPath, ['main.mjs', 'serve'], {
      cwd: join(built, 'containerapp'),
      env: { PATH: process.env.PATH, ...settings() },
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: CHILD_DEADLINE_MS,
      killSignal: 'SIGKILL',
    });
    const ended = once(child, 'exit');
    const [line] = await Promise.race([once(child.stdout.setEncoding('utf8'), 'data'), ended]);
    const { address } = JSON.parse(String(line));
    expect((await fetch(`${address}/api/live`)).status).toBe(200);
    expect(await (await fetch(`${address}/api/qr?text=hello&format=svg`)).text()).toMatch(/^<svg/);
    expect((await fetch(`${address}/api/docs/swagger-ui.css`)).status).toBe(200);
    expect((await fetch(`${address}/api/openapi.json`)).status).toBe(200);
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  });

  test('ends with 0 on SIGTERM that comes while it is loaded, and begins nothing', async () => {
    const main = join(built, 'containerapp/main.mjs');
    const preload = signalWhileLoading('SIGTERM', '/containerapp/commands.mjs');
    const command = startCommand(['housekeep'], {
      settings: { STORAGE: azurite.connectionString },
      main,
      preload,
    });
    expect([await command.ended, command.output()]).toEqual([0, '']);
  });
});

describe.each([
  ['functions', ['main.mjs']],
  ['containerapp', ['main.mjs', 'commands.mjs']],
])('dist/%s', (name, starts) => {
  test('has sharp for Linux on x64, by the hash of the lockfile', async () => {
    const folder = join(built, name);
    const library = join(folder, 'node_modules/@img/sharp-linux-x64/lib');
    const [binary = ''] = (await readdir(library)).filter((file) => file.endsWith('.node'));
    const header = await readFile(join(library, binary));
    // https://man7.org/linux/man-pages/man5/elf.5.html: the magic number, 64 bits, EM_X86_64
    expect(header.subarray(0, 5)).toEqual(Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2]));
    expect(header.readUInt16LE(18)).toBe(62);
    const [ours, theirs] = await Promise.all([ROOT, folder].map(integrityOfSharp));
    expect(theirs).toBe(ours);
  });

  test('loads no vision client at the start, and has no source maps', async () => {
    const files = await readdir(join(built, name), { recursive: true });
    expect(files.filter((file) => file.endsWith('.map') && !file.includes('node_modules'))).toEqual([]);
    const atStart = new Set<string>();
    for (const file of starts) await loadedFrom(join(built, name, file), atStart);
    const modules = files.filter((file) => file.endsWith('.mjs') && !file.includes('node_modules'));
    const clients: string[] = [];
    for (const file of modules.map((module) => join(built, name, module))) {
      if ((await readFile(file, 'utf8')).includes('azsdk-js-ai-vision-image-analysis')) clients.push(file);
    }
    expect(clients).not.toEqual([]);
    expect(clients.filter((file) => atStart.has(file))).toEqual([]);
  });
});

async function integrityOfSharp(folder: string): Promise<string> {
  const lockfile = JSON.parse(await readFile(join(folder, 'package-lock.json'), 'utf8'));
  return lockfile.packages['node_modules/@img/sharp-linux-x64'].integrity;
}

/** A module and all that it imports, and so on, without what is imported on demand. */
async function loadedFrom(file: string, found = new Set<string>()): Promise<Set<string>> {
  if (found.has(file)) return found;
  found.add(file);
  const code = await readFile(file, 'utf8');
  for (const [, path = ''] of code.matchAll(/(?:from|import)\s*"(\.\.?\/[^"]+\.mjs)"/g)) {
    await loadedFrom(join(dirname(file), path), found);
  }
  return found;
}
