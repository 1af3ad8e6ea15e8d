import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { startCommand } from './command.ts';

const NEVER_ENDS = fileURLToPath(new URL('process-that-never-ends.ts', import.meta.url));

test('whatever a command has begun, it ends 28 seconds after it was asked to, and says by its code that it was not done', async () => {
  const command = startCommand([], { settings: {}, main: NEVER_ENDS });
  expect([await command.ended, command.output()]).toEqual([1, 'still there']);
});
