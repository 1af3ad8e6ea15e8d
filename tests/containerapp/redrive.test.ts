import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parseConfig } from '../../core/config.ts';
import { createLog } from '../../core/log.ts';
import { createProgram, type Program } from '../../core/program.ts';
import { encodeEvent, readMessage } from '../../core/queue/message.ts';
import { startAzurite } from '../azurite.ts';
import { startCommand } from './command.ts';

let azurite: Awaited<ReturnType<typeof startAzurite>>;
let program: Program;

beforeAll(async () => {
  azurite = await startAzurite();
  const storage = { connectionString: azurite.connectionString };
  program = await createProgram(
    parseConfig({ STORAGE: azurite.connectionString }),
    storage,
    createLog('silent'),
  );
});
afterAll(() => azurite.close());

/** Sends itself the signal when it has said so many lines. */
const stopsAfter = (lines: number) => `
  const { log } = console;
  let said = 0;
  console.log = (line) => {
    log(line);
    if (++said === ${lines}) process.kill(process.pid, 'SIGTERM');
  };`;

async function redrive(...args: readonly string[]): Promise<[code: number | null, lines: string[]]> {
  const settings = { STORAGE: azurite.connectionString };
  const command = startCommand(['redrive', ...args], { settings });
  const code = await command.ended;
  return [code, command.output().trim().split('\n')];
}

const counts = async () => [await program.events.length(), await program.poison.length()];

test('redrive says first what it would do, does it when told to, and then has nothing left to do', async () => {
  const { poison, events } = program;
  await poison.send(encodeEvent({ container: 'images', name: 'a\u202E\u001B[31m.jpg', tries: 5 }));
  await poison.send('no event');
  const moved = 'moved: a??[31m.jpg';
  const left = 'a message that is neither JSON nor base64 of it';
  expect(await redrive()).toEqual([
    0,
    [
      `would be ${moved}`,
      `would be left: ${left}`,
      '2 in image-events-poison. Nothing was changed: --apply does it.',
    ],
  ]);
  expect(await counts()).toEqual([0, 2]);
  expect(await redrive('--apply')).toEqual([
    0,
    [moved, `left: ${left}`, '1 moved to image-events, 1 left, 0 discarded.'],
  ]);
  expect(await counts()).toEqual([1, 1]);
  const [event] = await events.peek(1);
  expect(readMessage(event?.text, 'images')).toMatchObject({ event: { tries: 0 } });
  expect(await redrive('--apply', '--discard-malformed')).toEqual([
    0,
    [`discarded: ${left}`, '0 moved to image-events, 0 left, 1 discarded.'],
  ]);
  expect(await redrive()).toEqual([0, ['0 in image-events-poison.']]);
});

test('redrive interrupted by SIGTERM ends with 0, and every event is in one of the queues', async () => {
  const { poison, events } = program;
  const names = Array.from({ length: 80 }, (_, n) => `${n}.jpg`);
  for (const name of names) await poison.send(encodeEvent({ container: 'images', name }));
  const [before = 0] = await counts();
  const command = startCommand(['redrive', '--apply'], {
    settings: { STORAGE: azurite.connectionString },
    preload: stopsAfter(5),
  });
  expect(await command.ended).toBe(0);
  expect(command.output()).toContain('Interrupted');
  const [after = 0, left = 0] = await counts();
  expect(after - before + left).toBe(names.length);
  expect(left).toBeGreaterThan(0);
  // What was received but not moved can be received again at once.
  let visible = 0;
  for (let page = 1; page > 0; visible += page) {
    page = (await poison.receive({ max: 32, hidden: 60_000 })).length;
  }
  expect(visible).toBe(left);
  expect(await events.peek(1)).toHaveLength(1);
});
