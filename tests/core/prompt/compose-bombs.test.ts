import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

const DEADLINE_MS = 60_000;

test('no text of a fact keeps composing busy for long', async () => {
  const child = fileURLToPath(new URL('./bombs.ts', import.meta.url));
  const composing = promisify(execFile)(process.execPath, [...process.execArgv, child], {
    timeout: DEADLINE_MS,
    killSignal: 'SIGKILL',
  });
  expect((await composing).stdout).toBe('composed');
});
