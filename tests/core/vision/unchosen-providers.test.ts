import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { build } from 'esbuild';
import { type ChatServer, startChatServer } from '../../faults/chat-server.ts';
import { startVisionServer, type VisionServer } from '../../faults/vision-server.ts';
import { picture } from './picture.ts';

const CHILD_DEADLINE_MS = 120_000;
const root = fileURLToPath(new URL('../../../', import.meta.url));
const program = fileURLToPath(new URL('loaded-packages.ts', import.meta.url));

let azure: VisionServer;
let chat: ChatServer;
beforeAll(async () => {
  azure = await startVisionServer();
  chat = await startChatServer();
});
afterAll(() => Promise.all([azure.close(), chat.close()]));

const openai = () => ({ provider: 'openai', endpoint: chat.endpoint, model: chat.model });

/** What a program of its own says after it has analysed a picture with these settings. */
async function run(settings: object, path = program): Promise<unknown> {
  const child = spawn(process.execPath, [path, JSON.stringify(settings)], {
    cwd: root,
    timeout: CHILD_DEADLINE_MS,
    killSignal: 'SIGKILL',
  });
  child.stdin.end(Buffer.from(await picture().jpeg()));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout);
}

describe('Of the SDKs of other providers not one module is loaded', () => {
  test('by local, which needs none', async () => {
    expect(await run({ provider: 'local' })).toEqual({ caption: null, openai: 0, azure: 0 });
  });

  test('by azure-vision', async () => {
    const settings = { provider: 'azure-vision', endpoint: azure.endpoint, key: azure.key };
    expect(await run(settings)).toEqual({
      caption: 'a red fishing boat moored in a small harbour at dusk',
      openai: 0,
      azure: expect.any(Number),
    });
  });

  test('by openai', async () => {
    const loaded = await run(openai());
    expect(loaded).toMatchObject({
      caption: 'a red fishing boat moored in a small harbour at dusk',
      azure: 0,
    });
    expect(loaded).not.toMatchObject({ openai: 0 });
  });
});

test('The SDK works from a bundle of ES modules, too', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'openai-'));
  try {
    await build({
      entryPoints: [program],
      outdir: folder,
      outExtension: { '.js': '.mjs' },
      ...{ bundle: true, splitting: true, platform: 'node', format: 'esm', logLevel: 'error' },
      // What esbuild inlines of CommonJS still requires Node's own modules.
      banner: {
        js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
      },
    });
    expect(await run(openai(), join(folder, 'loaded-packages.mjs'))).toMatchObject({
      caption: 'a red fishing boat moored in a small harbour at dusk',
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});
