import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { build } from 'esbuild';
import { startVisionServer, type VisionServer } from '../../faults/vision-server.ts';
import { picture } from './picture.ts';

const CHILD_DEADLINE_MS = 120_000;
const root = fileURLToPath(new URL('../../../', import.meta.url));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vision-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function run(args: readonly string[], { cwd = root, input = Buffer.alloc(0) } = {}) {
  const child = spawn(process.execPath, args, { cwd, timeout: CHILD_DEADLINE_MS, killSignal: 'SIGKILL' });
  child.stdin.end(input);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { stdout: stdout.trim(), stderr };
}

describe('The SDK, which is CommonJS, is called', () => {
  let server: VisionServer;
  beforeEach(async () => {
    server = await startVisionServer();
  });
  afterEach(() => server.close());

  const program = fileURLToPath(new URL('analyze-once.ts', import.meta.url));
  const caption = 'a red fishing boat moored in a small harbour at dusk';

  test('from the sources, as Node runs them', async () => {
    const { stdout, stderr } = await run([program, server.endpoint, server.key], { input: await jpeg() });
    expect({ stdout, stderr }).toMatchObject({ stdout: caption });
  });

  test('from a bundle of ES modules', async () => {
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
    const bundle = join(folder, 'analyze-once.mjs');
    const { stdout, stderr } = await run([bundle, server.endpoint, server.key], { input: await jpeg() });
    expect({ stdout, stderr }).toMatchObject({ stdout: caption });
  });

  const jpeg = async () => Buffer.from(await picture().jpeg());
});

describe('Where no Azure package is installed', () => {
  beforeEach(async () => {
    await cp(join(root, 'core/vision'), join(folder, 'core/vision'), { recursive: true });
    for (const file of ['core/errors.ts', 'core/identity.ts']) await cp(join(root, file), join(folder, file));
    await writeFile(join(folder, 'package.json'), '{"type":"module"}');
    await mkdir(join(folder, 'node_modules'));
    await symlink(join(root, 'node_modules/zod'), join(folder, 'node_modules/zod'), 'junction');
  });

  const analyzeWith = (settings: object) =>
    run(
      [
        '--input-type=module',
        '--eval',
        `import { createVision } from './core/vision/create.ts';
         const image = { width: 400, height: 200, jpeg: async () => new Uint8Array() };
         const options = { features: ['caption'], language: 'en', signal: new AbortController().signal };
         const { reason } = await createVision(${JSON.stringify(settings)}).analyze(image, options);
         console.log(reason);`,
      ],
      { cwd: folder },
    );

  test('the local provider works: it loads none', async () => {
    const { stdout, stderr } = await analyzeWith({ provider: 'local' });
    expect({ stdout, stderr }).toMatchObject({ stdout: 'no-describing-provider' });
  });

  test('the Azure provider fails: it does need them, and only once it is asked', async () => {
    const settings = { provider: 'azure-vision', endpoint: 'http://127.0.0.1:9', key: 'a-key' };
    const { stderr } = await analyzeWith(settings);
    expect(stderr).toContain("Cannot find package '@azure-rest/ai-vision-image-analysis'");
  });

  test('an identity and a key vault are had, and need them only once they are asked', async () => {
    await cp(join(root, 'core/key-vault.ts'), join(folder, 'core/key-vault.ts'));
    const { stdout, stderr } = await run(
      [
        '--input-type=module',
        '--eval',
        `import { ambientIdentity } from './core/identity.ts';
         import { KeyVault } from './core/key-vault.ts';
         const credential = ambientIdentity();
         const vault = new KeyVault({ uri: 'https://127.0.0.1:9', credential });
         console.log('had');
         console.log((await vault.read('vision-key').catch((error) => error.cause)).message);
         console.log((await credential.getToken('x').catch((error) => error)).message);`,
      ],
      { cwd: folder },
    );
    const [had, ofVault, ofIdentity] = stdout.split('\n');
    expect({ had, stderr }).toMatchObject({ had: 'had' });
    expect(ofVault).toContain("Cannot find package '@azure/keyvault-secrets'");
    expect(ofIdentity).toContain("Cannot find package '@azure/identity'");
  });
});
