import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BIOME = join(ROOT, 'node_modules/@biomejs/biome/bin/biome');

/** Where an import is, and what it names. */
type Import = readonly [file: string, source: string];

const OUTWARD: readonly Import[] = [
  ['core/image/a.ts', '../prompt/document.ts'],
  ['core/vision/a.ts', '../describe/describe-image.ts'],
  ['core/store/a.ts', '../api/app.ts'],
  ['core/prompt/targets/a.ts', '../../store/names.ts'],
  ['core/prompt/a.ts', '../describe/outcome.ts'],
  ['core/describe/a.ts', '../api/app.ts'],
  ['core/describe/c.ts', '../queue/queue.ts'],
  ['core/describe/d.ts', '../housekeeping/sweep.ts'],
  ['core/queue/a.ts', '../housekeeping/sweep.ts'],
  ['core/queue/b.ts', '../api/app.ts'],
  ['core/queue/c.ts', '../batch/batches.ts'],
  ['core/describe/e.ts', '../batch/record.ts'],
  ['core/store/b.ts', '../batch/record.ts'],
  ['core/batch/a.ts', '../api/app.ts'],
  ['core/housekeeping/a.ts', '../api/app.ts'],
  ['core/housekeeping/b.ts', '../program.ts'],
  ['core/fetch/a.ts', '../vision/guard/pace.ts'],
  ['core/fetch/b.ts', '../image/sniff.ts'],
  ['core/fetch/c.ts', '../../functions/api.ts'],
  ['core/qr/a.ts', '../api/app.ts'],
  ['core/telemetry/a.ts', '../vision/vision.ts'],
  ['core/image/b.ts', '../../functions/main.ts'],
  ['core/api/a.ts', '../../containerapp/serve.ts'],
  ['core/api/b.ts', '../../tests/hosts.ts'],
  ['core/api/c.ts', '../../bench/main.ts'],
  ['core/api/d.ts', '../../cli/main.ts'],
  ['core/describe/b.ts', '@azure/functions'],
  ['core/api/e.ts', '@hono/node-server'],
  ['core/api/f.ts', '../program.ts'],
  ['core/a.ts', '../functions/api.ts'],
  ['core/a-new-folder/a.ts', '../../functions/api.ts'],
  ['functions/a.ts', '../containerapp/serve.ts'],
  ['functions/b.ts', '../tests/azurite.ts'],
  ['containerapp/local/a.ts', '../../functions/api.ts'],
  ['containerapp/a.ts', '@azure/functions'],
];

const INWARD: readonly Import[] = [
  ['core/prompt/in.ts', '../vision/vision.ts'],
  ['core/prompt/targets/in.ts', '../../image/image.ts'],
  ['core/describe/in.ts', '../prompt/document.ts'],
  ['core/api/in.ts', '../describe/describe-image.ts'],
  ['core/queue/in.ts', '../describe/outcome.ts'],
  ['core/housekeeping/in.ts', '../queue/queue.ts'],
  ['core/batch/in.ts', '../queue/queue.ts'],
  ['core/api/in.ts', '../batch/batches.ts'],
  ['core/fetch/in.ts', '../retry-after.ts'],
  ['core/qr/in.ts', '../errors.ts'],
  ['core/telemetry/in.ts', '../telemetry.ts'],
  ['core/in.ts', './api/app.ts'],
  ['functions/in.ts', '../core/program.ts'],
  ['functions/in.ts', '@azure/functions'],
  ['containerapp/local/in.ts', '../../core/program.ts'],
  ['containerapp/in.ts', '@hono/node-server'],
  ['bench/in.ts', '../tests/azurite.ts'],
];

let folder: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'imports-')));
  for (const file of ['biome.json', '.gitignore']) await copyFile(join(ROOT, file), join(folder, file));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** The files in which the project's linter finds a restricted import. */
async function restricted(): Promise<string[]> {
  const args = [
    BIOME,
    'lint',
    '--only=style/noRestrictedImports',
    '--reporter=github',
    '--max-diagnostics=none',
  ];
  const output = await new Promise<string>((resolve) => {
    execFile(process.execPath, args, { cwd: folder, timeout: 20_000 }, (_error, stdout) => resolve(stdout));
  });
  const errors = output.matchAll(/^::error .*noRestrictedImports,file=([^,]+),/gm);
  return [...errors].map(([, file = '']) => relative(folder, file));
}

async function writeAll(imports: readonly Import[], toCode: (source: string) => string): Promise<void> {
  for (const [file, source] of imports) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), toCode(source), { flag: 'a' });
  }
}

test.each([
  ['an import', (source: string) => `import '${source}';\n`],
  ['an import of types', (source: string) => `import type { A } from '${source}';\nexport type B = A;\n`],
  ['an export from elsewhere', (source: string) => `export * from '${source}';\n`],
  ['an import on demand', (source: string) => `export const a = await import('${source}');\n`],
])('%s that points outward is an error, one that points inward is none', async (_kind, toCode) => {
  await writeAll([...OUTWARD, ...INWARD], toCode);
  expect((await restricted()).sort()).toEqual(OUTWARD.map(([file]) => file).sort());
});
