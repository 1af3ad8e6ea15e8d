import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { versionOf } from '../../../scripts/deploy/release.ts';
import { variablesOf } from '../../workflows/workflows.ts';
import { runScript } from './child.ts';

const COMMIT = '0123456789abcdef0123456789abcdef01234567';
const DIGEST = `sha256:${'ab'.repeat(32)}`;
const ENV = {
  ...variablesOf('release', 'node scripts/deploy/write-release.ts', { 'github.repository': 'Owner/Prompts' }),
  GITHUB_REF: 'refs/tags/v1.2.3',
  GITHUB_SHA: COMMIT,
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'release-'));
  await writeFile(join(folder, 'functions.zip'), 'a zip');
  await writeFile(join(folder, 'digest-api'), DIGEST);
  await writeFile(join(folder, 'digest-gateway'), DIGEST);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('a version is the tag without its v, else the beginning of the commit', () => {
  expect(versionOf('refs/tags/v1.2.3', COMMIT)).toBe('1.2.3');
  expect(versionOf('refs/tags/v1.2.3-rc.1', COMMIT)).toBe('1.2.3-rc.1');
  expect(versionOf('refs/heads/main', COMMIT)).toBe('0123456789ab');
  expect(versionOf('refs/tags/v1.2', COMMIT)).toBe('0123456789ab');
});

describe('release.json', () => {
  test('is written and read again: the same zip, and the images by their digests', async () => {
    expect(await runScript('write-release.ts', ENV, { cwd: folder })).toEqual({
      code: 0,
      output: 'release 1.2.3\n',
    });
    const output = join(folder, 'output');
    const { code } = await runScript('read-release.ts', { GITHUB_OUTPUT: output }, { cwd: folder });
    expect(code).toBe(0);
    expect((await readFile(output, 'utf8')).split('\n')).toEqual([
      'version=1.2.3',
      `commit=${COMMIT}`,
      `api-image=ghcr.io/owner/prompts@${DIGEST}`,
      `gateway-image=ghcr.io/owner/prompts-gateway@${DIGEST}`,
      '',
    ]);
  });

  test.each(['', 'latest', `${DIGEST}\nimage=evil`])('is not written with the digest %j', async (digest) => {
    await writeFile(join(folder, 'digest-api'), digest);
    expect((await runScript('write-release.ts', ENV, { cwd: folder })).code).not.toBe(0);
  });

  test('is refused beside another zip', async () => {
    await runScript('write-release.ts', ENV, { cwd: folder });
    await writeFile(join(folder, 'functions.zip'), 'another zip');
    const { code, output } = await runScript('read-release.ts', {}, { cwd: folder });
    expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining('release.json names') });
  });
});
