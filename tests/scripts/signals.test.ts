import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Clone, makeClone } from './clone.ts';

/** Drains like the real program: it finishes its work and ends, however often it is told to. */
const PROGRAM = `
  const work = setInterval(() => {}, 1_000);
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    clearInterval(work);
    setTimeout(() => console.log('drained'), 300);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  console.log('ready');
`;

describe('through npm', () => {
  let clone: Clone;
  beforeEach(async () => {
    clone = await makeClone(PROGRAM);
  });
  afterEach(() => clone.delete());

  test.each([
    ['SIGINT', 'npm alone'],
    ['SIGINT', 'the whole group'],
    ['SIGTERM', 'npm alone'],
    ['SIGTERM', 'the whole group'],
  ] as const)('%s to %s lets the program drain, and npm ends with 0', async (signal, to) => {
    const running = clone.start('npm', ['start']);
    await running.says('ready');
    const pid = running.child.pid ?? 0;
    process.kill(to === 'npm alone' ? pid : -pid, signal);
    const { code, output } = await running.ended;
    expect(output.match(/drained/g)).toHaveLength(1);
    expect(code).toBe(0);
    // Nothing of the group outlives npm.
    expect(() => process.kill(-pid, 0)).toThrow('ESRCH');
  });

  test('the exit code of the program is the one of npm', async () => {
    await clone.write('containerapp/local/main.ts', 'process.exitCode = 78;');
    expect((await clone.start('npm', ['start']).ended).code).toBe(78);
  });

  test('a program that a signal ended ends npm with 128 and its number', async () => {
    await clone.write('containerapp/local/main.ts', "process.kill(process.pid, 'SIGKILL');");
    expect((await clone.start('npm', ['start']).ended).code).toBe(137);
  });
});
