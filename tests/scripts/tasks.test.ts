import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

function run(...args: readonly string[]) {
  const options = { cwd: ROOT, encoding: 'utf8', timeout: 30_000 } as const;
  const { status, stderr } = spawnSync(process.execPath, ['scripts/run.mjs', ...args], options);
  return { status, stderr };
}

test('without a task, or with none of them, it says which there are', () => {
  expect(run()).toEqual({ status: 64, stderr: expect.stringMatching(/^Which task\? Tasks: start, /) });
  expect(run('stat')).toEqual({
    status: 64,
    stderr: expect.stringMatching(/^There is no task stat\. Tasks: start, /),
  });
});

test('every script of package.json is a task', async () => {
  const { scripts } = JSON.parse(await readFile(`${ROOT}/package.json`, 'utf8'));
  const tasks = run().stderr.match(/\w+/g);
  for (const script of Object.keys(scripts)) {
    expect(scripts[script]).toMatch(new RegExp(`node scripts/run.mjs ${script}$`));
    expect(tasks).toContain(script);
  }
  expect(Object.keys(scripts)).toContain('redrive');
});
