import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { parseConfig } from '../../core/config.ts';
import { createLog } from '../../core/log.ts';
import { createProgram, type Program } from '../../core/program.ts';
import type { Blobs } from '../../core/store/blobs.ts';
import { startAzurite } from '../azurite.ts';
import { type StorageProxy, startStorageProxy } from '../crash/storage-proxy.ts';
import type { StorageStep } from '../crash/storage-step.ts';
import { type RunningCommand, startCommand } from './command.ts';

/** The command in a process of its own, over a storage that holds one of its requests for ever. */

const DAY_MS = 24 * 60 * 60_000;
const LIMIT_MS = 2_000;
const TICK_MS = 10;
const TEMPORARY = 40;

let azurite: Awaited<ReturnType<typeof startAzurite>>;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.close());

let proxy: StorageProxy;
let program: Program;
let settings: Record<string, string>;
beforeEach(async () => {
  const id = randomUUID().slice(0, 8);
  const own = {
    IMAGES_CONTAINER: `images-${id}`,
    STATE_CONTAINER: `state-${id}`,
    IMAGE_EVENTS_QUEUE: `events-${id}`,
  };
  const storage = { connectionString: azurite.connectionString };
  const config = parseConfig({ STORAGE: azurite.connectionString, ...own });
  program = await createProgram(config, storage, createLog('silent'));
  const { blobs, state, events, poison } = program;
  await Promise.all([blobs, state, events, poison].map((place) => place.create()));
  proxy = await startStorageProxy(azurite.connectionString);
  // So everything that is there is old enough to go.
  proxy.later = 2 * DAY_MS;
  settings = { STORAGE: proxy.connectionString, ...own };
  await fill();
});
afterEach(() => proxy.close());

async function fill(): Promise<void> {
  const options = { contentType: 'image/jpeg', condition: 'new' } as const;
  for (const name of ['a.jpg', 'b/c.jpg']) await program.blobs.write(name, Buffer.from(name), options);
  const temporary = Array.from({ length: TEMPORARY }, (_, index) => `temp/${index}`);
  await Promise.all(temporary.map((name) => program.state.write(name, Buffer.from('x'), options)));
}

/**
 * Counts the process's own time from the signal to its end: while a busy machine lets it stand still, nothing ticks, and
 * neither do the limits that it sets itself.
 */
const COUNT_TICKS = `
  import { writeSync } from 'node:fs';
  let ticks = 0;
  let counting;
  const begin = () => { counting ??= setInterval(() => ticks++, ${TICK_MS}).unref(); };
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, begin);
  process.on('exit', () => writeSync(1, 'ticks: ' + ticks + '\\n'));
`;

/** Runs it until it asks for a step, which is never answered; then sends the signal. */
async function stopAt(
  isHeld: (step: StorageStep) => boolean,
  ...signals: readonly NodeJS.Signals[]
): Promise<{ readonly code: number | null; readonly ticks: number; readonly output: string }> {
  const held = Promise.withResolvers<void>();
  const never = new Promise<never>(() => {});
  proxy.intercept = (step, pass) => {
    if (!isHeld(step)) return pass();
    held.resolve();
    return never;
  };
  const command = startCommand(['housekeep'], { settings, preload: COUNT_TICKS });
  await Promise.race([held.promise, endsEarly(command)]);
  for (const signal of signals) command.kill(signal);
  const code = await command.ended;
  const output = command.output();
  return { code, ticks: Number(/^ticks: (\d+)$/m.exec(output)?.[1]), output };
}

async function endsEarly(command: RunningCommand): Promise<never> {
  const code = await command.ended;
  throw new Error(`it ended with ${code} before that:\n${command.output()}`);
}

async function runAgain(): Promise<void> {
  proxy.intercept = (_step, pass) => pass();
  const command = startCommand(['housekeep'], { settings });
  expect([await command.ended, command.output()]).toEqual([0, expect.stringContaining('"status":"done"')]);
}

const names = async (blobs: Blobs) => (await blobs.page({ size: 1_000 })).blobs.map(({ name }) => name);

async function expectFinished(): Promise<void> {
  expect(await names(program.state)).toEqual(['catalog.json', 'first-start', 'housekeeping/sweep.json']);
  expect(await names(program.blobs)).toEqual(['a.jpg', 'b/c.jpg']);
  const stored = await program.state.read('catalog.json', { maxBytes: 1e6 });
  expect(JSON.parse(Buffer.from(stored?.bytes ?? []).toString())).toMatchObject({
    ...{ complete: true, images: { count: 2 }, missing: { count: 2 } },
  });
}

test.each([
  ['SIGTERM', ['SIGTERM']],
  ['Ctrl-C, which comes twice through npm,', ['SIGINT', 'SIGINT']],
] as const)(
  '%s in the middle of the cleanup: it ends in time with 0, and the next run finishes',
  async (_name, signals) => {
    const { code, ticks, output } = await stopAt(({ name }) => name === 'temp/30', ...signals);
    expect([code, output]).toEqual([0, expect.stringContaining('"status":"stopped"')]);
    expect(ticks * TICK_MS).toBeLessThan(LIMIT_MS);
    const left = (await names(program.state)).filter((name) => name.startsWith('temp/'));
    expect(left.length).toBeGreaterThan(0);
    expect(left.length).toBeLessThan(TEMPORARY);
    // The images had been seen by then.
    expect(await program.state.head('catalog.json')).not.toBeNull();
    await runAgain();
    await expectFinished();
  },
);

test('SIGTERM in the middle of the audit, while it writes: it ends in time with 0, and the next run finishes', async () => {
  const isHeld = ({ label, name }: StorageStep) => name === 'catalog.json' && label.startsWith('PUT');
  const { code, ticks } = await stopAt(isHeld, 'SIGTERM');
  expect(code).toBe(0);
  expect(ticks * TICK_MS).toBeLessThan(LIMIT_MS);
  expect(await program.state.head('catalog.json')).toBeNull();
  await runAgain();
  await expectFinished();
});

test('SIGINT in the middle of the audit, while it looks through the images: the next run finishes', async () => {
  // A run that was cut before left the audit to this one, which has to look by itself.
  const place = { phase: 'rest', marker: null, open: [] };
  const { container } = program.blobs;
  const left = Buffer.from(JSON.stringify({ owner: null, container, prefix: '', place }));
  const options = { contentType: 'application/json', condition: 'any' } as const;
  await program.state.write('housekeeping/sweep.json', left, options);
  const { code, ticks } = await stopAt(({ name }) => name === container, 'SIGINT');
  expect(code).toBe(0);
  expect(ticks * TICK_MS).toBeLessThan(LIMIT_MS);
  await runAgain();
  await expectFinished();
});

test('arguments that there are not end it with 2', async () => {
  const command = startCommand(['housekeep', '--sometimes'], { settings });
  expect([await command.ended, command.output()]).toEqual([2, expect.stringContaining('--schedule')]);
});
