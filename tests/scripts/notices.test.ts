import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { noticesOf } from '../../scripts/notices.ts';
import { BUILD_DEADLINE_MS, builtHosts } from '../built.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const DEADLINE_MS = 60_000;

const HOSTS = [
  { host: 'functions', entries: ['functions/main.ts'] },
  { host: 'containerapp', entries: ['containerapp/main.ts', 'containerapp/commands.ts'] },
];
/** Of both. */
const PARTS = ['core/qr/qr-process.ts', 'core/telemetry/azure-monitor.ts', 'core/telemetry/otlp.ts'];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'notices-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Files of packages that a bundle of these would be made of. */
async function filesInBundle(entries: readonly string[]): Promise<readonly string[]> {
  const metafile = join(folder, 'meta.json');
  const options = ['--bundle', '--format=esm', '--splitting', '--platform=node', '--log-level=error'];
  const external = ['sharp', '@azure/functions-core'].map((name) => `--external:${name}`);
  const output = [`--outdir=${join(folder, 'out')}`, `--metafile=${metafile}`];
  const esbuild = [join(ROOT, 'node_modules/esbuild/bin/esbuild'), ...entries];
  const command = [...esbuild, ...options, ...external, ...output];
  await promisify(execFile)(process.execPath, command, { cwd: ROOT, timeout: DEADLINE_MS });
  const { inputs } = z
    .object({ inputs: z.record(z.string(), z.unknown()) })
    .parse(JSON.parse(await readFile(metafile, 'utf8')));
  return Object.keys(inputs).filter((file) => file.includes('node_modules/'));
}

describe('the notices of a build', () => {
  test.each(HOSTS)(
    'name every package in $host, each above a text',
    async ({ host, entries }) => {
      const notices = await readFile(join(await builtHosts(), host, 'THIRD-PARTY-NOTICES'), 'utf8');
      const names = (await filesInBundle([...entries, ...PARTS])).map((file) => {
        const [scopeOrName = '', name = ''] = file.split('node_modules/').at(-1)?.split('/') ?? [];
        return scopeOrName.startsWith('@') ? `${scopeOrName}/${name}` : scopeOrName;
      });
      expect(names).toEqual(expect.arrayContaining(['hono', 'openai', 'exifreader', '@opentelemetry/api']));
      const beside = ['sharp', '@img/sharp-linux-x64', '@img/sharp-libvips-linux-x64', 'swagger-ui-dist'];
      for (const name of new Set([...names, ...beside])) expect(notices).toMatch(headingOf(name));
      for (const section of notices.split(`\n${'-'.repeat(80)}\n`))
        expect(section).toMatch(/^\s*(\S+ \S+ \([\w.-]+\), https:\S+\n)+\n(?=.{200})/s);
    },
    BUILD_DEADLINE_MS + DEADLINE_MS,
  );

  test(
    'hold what the LGPL asks for, and what is in libvips',
    async () => {
      const notices = await readFile(join(await builtHosts(), 'containerapp/THIRD-PARTY-NOTICES'), 'utf8');
      const libvips = notices.slice(notices.search(headingOf('@img/sharp-libvips-linux-x64')));
      expect(libvips).toMatch(/librsvg .*GNU LESSER GENERAL PUBLIC LICENSE.*GNU GENERAL PUBLIC LICENSE/s);
    },
    BUILD_DEADLINE_MS,
  );
});

describe('a package', () => {
  const describeItself = (manifest: object) =>
    writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'a', version: '1.0.0', ...manifest }));

  test('stands above its own text, and above what it says of others', async () => {
    await describeItself({ license: 'MIT' });
    await writeFile(join(folder, 'LICENCE.md'), 'may be used\r\n');
    await writeFile(join(folder, 'NOTICE'), 'made by many');
    expect(await noticesOf([folder])).toBe(
      'a 1.0.0 (MIT), https://www.npmjs.com/package/a/v/1.0.0\n\nmay be used\n\nmade by many\n',
    );
  });

  test('that ships no text gets that of MIT, in its own name', async () => {
    await describeItself({ license: 'MIT', author: { name: 'Somebody Else' } });
    const notices = await noticesOf([folder]);
    expect(notices).toMatch(/Copyright \(c\) Somebody Else\n.*free of charge/s);
    expect(notices).not.toContain('The Prompt Generator');
  });

  test('ends the build where nobody knows the text', async () => {
    await describeItself({ license: 'BSD-3-Clause', author: 'Somebody' });
    await expect(noticesOf([folder])).rejects.toThrow('a has no text of its licence, BSD-3-Clause');
  });
});

function headingOf(name: string): RegExp {
  return new RegExp(`^${name.replaceAll('.', '\\.')} \\d\\S* \\([\\w.-]+\\), https:`, 'm');
}
