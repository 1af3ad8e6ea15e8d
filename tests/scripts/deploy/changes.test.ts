import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { variablesOf } from '../../workflows/workflows.ts';
import { runScript } from './child.ts';

const RUN = 'node scripts/deploy/changes.ts';
const EXPRESSION = 'github.event.pull_request.base.sha || github.event.before';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'changes-'));
  git('init', '--quiet');
  await commit('core/one.ts');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function git(...args: string[]): string {
  const someone = [
    '-c',
    'user.name=someone',
    '-c',
    'user.email=someone@example.com',
    '-c',
    'commit.gpgsign=false',
  ];
  return execFileSync('git', [...someone, ...args], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 30_000,
  }).trim();
}

/** @returns the commit */
async function commit(...files: string[]): Promise<string> {
  for (const file of files) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), `${files} ${Math.random()}`);
  }
  git('add', '--all');
  git('commit', '--quiet', '--message', files.join());
  return git('rev-parse', 'HEAD');
}

async function codeSince(base: string): Promise<string> {
  const output = join(folder, 'output');
  await writeFile(output, '');
  const env = { ...variablesOf('ci', RUN, { [EXPRESSION]: base }), GITHUB_OUTPUT: output };
  expect((await runScript('changes.ts', env, { cwd: folder })).code).toBe(0);
  return readFile(output, 'utf8');
}

test('a change of documents alone is no change of code', async () => {
  const base = git('rev-parse', 'HEAD');
  await commit('docs/cost.md', 'README.md', 'core/notes.md', 'LICENSE', 'docs/picture.png');
  expect(await codeSince(base)).toBe('code=false\n');
});

test('a change of anything else is, also beside documents or in an earlier commit', async () => {
  const base = git('rev-parse', 'HEAD');
  await commit('core/one.ts', 'README.md');
  await commit('README.md');
  expect(await codeSince(base)).toBe('code=true\n');
});

test('what came to the target branch meanwhile is none of the change', async () => {
  const base = git('rev-parse', 'HEAD');
  const target = await commit('core/two.ts');
  git('checkout', '--quiet', '-b', 'change', base);
  await commit('docs/cost.md');
  expect(await codeSince(target)).toBe('code=false\n');
});

test.each(['', '0000000000000000000000000000000000000000'])('a base %j leaves nothing out', async (base) => {
  await commit('README.md');
  expect(await codeSince(base)).toBe('code=true\n');
});
