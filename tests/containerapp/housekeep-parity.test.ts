import { InvocationContext, type Timer } from '@azure/functions';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { housekeep } from '../../containerapp/housekeep.ts';
import { type Config, parseConfig } from '../../core/config.ts';
import { createLog } from '../../core/log.ts';
import { createProgram, type Program } from '../../core/program.ts';
import type { Blobs } from '../../core/store/blobs.ts';
import { promptName } from '../../core/store/names.ts';
import { writeError, writePrompt } from '../../core/store/prompts.ts';
import { handleTimer } from '../../functions/housekeeping.ts';
import { startAzurite } from '../azurite.ts';
import { ERROR_LABELS, PROMPT_LABELS } from '../core/housekeeping/swept.ts';

/** The timer of Functions and the command of the container, over the same content. */

let azurite: Awaited<ReturnType<typeof startAzurite>>;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.close());

interface Place {
  readonly config: Config;
  readonly program: Program;
}

async function place(id: string): Promise<Place> {
  const storage = { connectionString: azurite.connectionString };
  const config = parseConfig({
    ...{ STORAGE: storage.connectionString, IMAGES_CONTAINER: `images-${id}` },
    ...{ STATE_CONTAINER: `state-${id}`, IMAGE_EVENTS_QUEUE: `events-${id}`, PROMPT_SIDECARS: 'txt' },
  });
  const program = await createProgram(config, storage, createLog('silent'));
  const { blobs, state, events, poison } = program;
  await Promise.all([blobs, state, events, poison].map((each) => each.create()));
  await fill(program);
  return { config, program };
}

async function fill({ blobs, state, poison }: Program): Promise<void> {
  const drop = async (name: string, contentType = 'image/jpeg') => {
    const written = await blobs.write(name, Buffer.from(name), { contentType, condition: 'any' });
    if (written === 'conflict') throw new Error('without a condition there is no conflict');
    return written.etag;
  };
  const labels = { ...PROMPT_LABELS, sha256: 'ab'.repeat(32) };
  for (const name of ['done.jpg', 'twin.png', 'edited.jpg']) {
    const sourceEtag = await drop(name);
    await writePrompt(blobs, name, {}, { ...labels, sourceEtag }, { condition: 'new' });
  }
  await blobs.write(promptName('edited.jpg'), Buffer.from('{"prompt":"mine"}'), {
    ...{ contentType: 'application/json', condition: 'any' },
  });
  const nextTryAt = null;
  const failed = { ...ERROR_LABELS, retryable: false, nextTryAt, sourceEtag: await drop('failed.gif') };
  await writeError(blobs, 'failed.gif', {}, failed, { condition: 'new' });
  await writePrompt(blobs, 'gone.jpg', {}, { ...labels, sourceEtag: 'x' }, { condition: 'new' });
  await drop('missed.jpg');
  await drop('Missed.jpg');
  await drop(' spaces .webp');
  await drop('photo.dat', 'image/png');
  await drop('notes.txt', 'text/plain');
  const analysis = { contentType: 'application/json', condition: 'new' } as const;
  await state.write('analysis/aa/1.json', Buffer.from('{}'), {
    ...analysis,
    metadata: { state: 'analysis' },
  });
  await poison.send('one');
}

const TIMER: Timer = {
  isPastDue: true,
  schedule: { adjustForDST: false },
  scheduleStatus: { last: '', next: '', lastUpdated: '' },
};

const byTimer = async ({ config, program }: Place) =>
  handleTimer({ config, program: async () => ({ ...program, log: createLog('silent') }) })(
    TIMER,
    new InvocationContext({ logHandler() {} }),
  );

const byCommand = ({ config }: Place) =>
  housekeep(config, createLog('silent'), new AbortController().signal, new Set());

const names = async (blobs: Blobs) => (await blobs.page({ size: 1_000 })).blobs.map(({ name }) => name);

async function result({ program }: Place) {
  const { blobs, state, events } = program;
  const stored = await state.read('catalog.json', { maxBytes: 1e6 });
  const text = Buffer.from(stored?.bytes ?? []).toString();
  const messages = await events.peek(32);
  const told = messages.map((message) => JSON.parse(Buffer.from(message.text, 'base64').toString()));
  return {
    images: await names(blobs),
    state: (await names(state)).filter((name) => name !== 'first-start'),
    queued: [...new Set(told.map(({ name }) => name))].sort(),
    // Times, ages and the container's own name are not the content's.
    catalog: JSON.parse(
      text
        .replace(/"\d{4}-\d\d-\d\dT[^"]*"/g, '"a time"')
        .replace(/"ageSeconds": \d+/, '"ageSeconds": 0')
        .replace(/"images-[a-z]+"/, '"images"'),
    ),
  };
}

test('the timer and the command leave the same behind', async () => {
  const [timer, command] = [await place('timer'), await place('command')];
  await byTimer(timer);
  expect(await byCommand(command)).toBe(0);
  const left = await result(timer);
  expect(left.queued).toEqual([' spaces .webp', 'Missed.jpg', 'missed.jpg']);
  expect(left.images).not.toContain(promptName('gone.jpg'));
  expect(left.catalog).toMatchObject({
    complete: true,
    images: { count: 7 },
    missing: { count: 3 },
    orphans: { count: 1 },
    errors: { byCode: { 'vision-timeout': 1 } },
    edited: { count: 1 },
    names: { count: 3 },
    duplicates: { count: 1 },
    waiting: { queue: 3, poison: 1 },
    vision: { month: { calls: 1, cost: 0 } },
  });
  expect(await result(command)).toEqual(left);
});

test('both at once, twice each, leave what one leaves', async () => {
  const [alone, both] = [await place('alone'), await place('both')];
  await byTimer(alone);
  const { images, state, queued } = await result(alone);
  await Promise.all([byTimer(both), byCommand(both), byTimer(both), byCommand(both)]);
  // One that came late found less to do, so its catalog is another.
  const { catalog, ...left } = await result(both);
  expect(left).toEqual({ images, state, queued });
  expect(catalog).toMatchObject({ complete: true, images: { count: 7 }, names: { count: 3 } });
});
