import { beforeEach, describe, expect, test } from '@jest/globals';
import { promptName } from '../../../../core/store/names.ts';
import { writePrompt } from '../../../../core/store/prompts.ts';
import { METRICS } from '../../../../core/telemetry.ts';
import { recordTelemetry } from '../../recorded-telemetry.ts';
import { House, inPages, over, PROMPT_LABELS } from '../swept.ts';

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

let house: House;
beforeEach(() => {
  house = new House();
});

const state = async (name: string, metadata: Readonly<Record<string, string>> = {}) => {
  const options = { contentType: 'application/json', metadata, condition: 'any' } as const;
  await house.state.write(name, Buffer.from('{}'), options);
};
const names = async () => (await house.state.page({ size: 1_000 })).blobs.map(({ name }) => name);

/** Our own notes of the run itself. */
const NOTES = ['catalog.json', 'housekeeping/sweep.json'];

test('what is temporary goes after a day, and not before', async () => {
  await state('temp/old');
  await state('idempotency/old.json');
  house.clock.advance(DAY_MS);
  await state('temp/new');
  await state('idempotency/new.json');
  expect(await house.housekeep()).toMatchObject({ temporaryRemoved: 0, answersRemoved: 0 });
  house.clock.advance(1_000);
  expect(await house.housekeep()).toMatchObject({ temporaryRemoved: 1, answersRemoved: 1 });
  expect(await names()).toEqual([...NOTES, 'idempotency/new.json', 'temp/new']);
});

test('analyses go after RETENTION_DAYS, and claims of the dead after half a minute', async () => {
  await state('analysis/aa/1.json', { state: 'analysis' });
  await state('analysis/bb/1.json', { state: 'refusal' });
  await state('analysis/cc/1.json', { state: 'claim' });
  house.clock.advance(2 * DAY_MS + 1_000);
  await state('analysis/dd/1.json', { state: 'analysis' });
  await state('analysis/ee/1.json', { state: 'claim' });
  expect(await house.housekeep()).toMatchObject({ analysesRemoved: 0, claimsRemoved: 1 });
  expect(await house.housekeep({ RETENTION_DAYS: '2' })).toMatchObject({ analysesRemoved: 2 });
  expect(await names()).toEqual(['analysis/dd/1.json', 'analysis/ee/1.json', ...NOTES]);
});

test('batches go RETENTION_DAYS after they finished, and one that has not finished stays', async () => {
  const at = (days: number) => new Date(house.clock.now() + days * DAY_MS).toISOString();
  await state('batches/finished.json', { finishedat: at(0) });
  await state('batches/later.json', { finishedat: at(5) });
  await state('batches/running.json');
  await state('batches/strange.json', { finishedat: 'soon' });
  house.clock.advance(31 * DAY_MS);
  expect(await house.housekeep()).toMatchObject({ batchesRemoved: 1 });
  expect(await names()).toEqual([
    ...['batches/later.json', 'batches/running.json', 'batches/strange.json', ...NOTES],
  ]);
});

test('a batch that nobody works on any more is queued again, one that waits for its time is not', async () => {
  const inAnHour = new Date(house.clock.now() + HOUR_MS).toISOString();
  await state('batches/lost.json', { status: 'pending' });
  await state('batches/waiting.json', { status: 'running', waitinguntil: inAnHour });
  house.clock.advance(15 * 60_000 + 1_000);
  await state('batches/worked-on.json', { status: 'running' });
  house.clock.advance(60_000);
  expect(await house.housekeep()).toMatchObject({ batchesRevived: 1, batchesRemoved: 0 });
  const [step] = await house.events.peek(2);
  expect(Buffer.from(step?.text ?? '', 'base64').toString()).toBe('{"batch":"lost"}');
  house.clock.advance(HOUR_MS);
  expect(await house.housekeep()).toMatchObject({ batchesRevived: 3 });
});

test('counters are kept for this month and the one before', async () => {
  await state('counters/vision-2026-01-01.json');
  house.clock.advance(61 * DAY_MS);
  expect(await house.housekeep()).toMatchObject({ countersRemoved: 0 });
  house.clock.advance(DAY_MS + 1_000);
  expect(await house.housekeep()).toMatchObject({ countersRemoved: 1 });
});

test('what is none of these stays, however old it is', async () => {
  const others = ['first-start', 'notes.json', 'tempest/1', 'game/rounds/1.json'];
  for (const name of others) await state(name);
  house.clock.advance(400 * DAY_MS);
  await house.housekeep();
  expect(await names()).toEqual([...NOTES, ...others].sort());
});

test('an answer that was kept again since the listing stays', async () => {
  await state('idempotency/1.json');
  house.clock.advance(2 * DAY_MS);
  const { state: real } = house;
  const racing = over(real, {
    async page(options) {
      const page = await real.page(options);
      if (options.prefix === 'idempotency/') await state('idempotency/1.json');
      return page;
    },
  });
  const report = await house.housekeep({}, { others: { state: racing } });
  expect(report).toMatchObject({ status: 'done', answersRemoved: 0, notRemoved: 0 });
  expect(await names()).toContain('idempotency/1.json');
});

test('a leased blob of state holds up no other', async () => {
  await state('temp/1');
  await state('temp/2');
  house.state.mark('temp/1', { isLeased: true });
  house.clock.advance(2 * DAY_MS);
  const report = await house.housekeep();
  expect(report).toMatchObject({ status: 'done', temporaryRemoved: 1, notRemoved: 1, kept: ['temp/1'] });
});

test('a cleanup that was stopped is gone on with, and the audit of the next run is whole', async () => {
  for (const name of ['temp/1', 'temp/2', 'temp/3', 'idempotency/1.json']) await state(name);
  await house.drop('cat.jpg');
  house.clock.advance(2 * DAY_MS);
  const stop = new AbortController();
  const paged = inPages(house.state, 1);
  const stopping = over(paged, {
    async page(options) {
      if (options.marker === 'temp/2') stop.abort();
      return paged.page(options);
    },
  });
  const first = await house.housekeep({}, { signal: stop.signal, others: { state: stopping } });
  expect(first).toMatchObject({ status: 'stopped', temporaryRemoved: 1, answersRemoved: 0 });
  // The images were seen to their end before that.
  expect(await house.catalog()).toMatchObject({ complete: true, images: { count: 1 } });
  await house.state.remove('catalog.json');
  const second = await house.housekeep();
  expect(second).toMatchObject({ status: 'done', images: 0, temporaryRemoved: 2, answersRemoved: 1 });
  expect(await house.catalog()).toMatchObject({ complete: true, images: { count: 1 } });
});

describe('with DRY_RUN', () => {
  const DRY = { DRY_RUN: 'true' };

  async function fill() {
    await house.drop('missed.jpg');
    await writePrompt(
      ...([
        house.blobs,
        'gone.jpg',
        {},
        { ...PROMPT_LABELS, sourceEtag: 'x' },
        { condition: 'new' },
      ] as const),
    );
    await house.blobs.write(promptName('edited.jpg'), Buffer.from('mine'), {
      ...{ contentType: 'application/json', condition: 'new' },
    });
    await state('temp/1');
    await state('analysis/aa/1.json', { state: 'claim' });
    house.clock.advance(2 * DAY_MS);
  }

  const everything = async () => {
    const all = await Promise.all([house.blobs, house.state].map((blobs) => blobs.page({ size: 1_000 })));
    return [all.map(({ blobs }) => blobs), await house.events.length(), await house.poison.length()];
  };

  test('nothing is changed, and everything that would be is listed', async () => {
    await fill();
    const before = await everything();
    const lines: object[] = [];
    const log = { info: (line: object) => lines.push(line), warn() {}, error() {} };
    const report = await house.housekeep(DRY, { log });
    expect(await everything()).toEqual(before);
    const changes = [
      { action: 'queue', where: house.events.name, name: 'missed.jpg' },
      { action: 'remove', where: 'images', name: promptName('gone.jpg') },
      { action: 'remove', where: 'prompt-state', name: 'analysis/aa/1.json' },
      { action: 'remove', where: 'prompt-state', name: 'temp/1' },
    ];
    expect(report).toMatchObject({ status: 'done', changes, changesCount: 4, audit: { isWritten: false } });
    expect(lines).toEqual(expect.arrayContaining(changes));
  });

  test('what is listed is what the next run does', async () => {
    await fill();
    const { changes, changesCount, audit: _, ...dry } = await house.housekeep(DRY);
    const { audit: _audit, ...wet } = await house.housekeep();
    expect(wet).toEqual(dry);
    expect(changes).toHaveLength(changesCount ?? -1);
  });

  test('a run that is at it is not kept from anything, and keeps nobody off', async () => {
    await fill();
    const [dry, wet] = await Promise.all([house.housekeep(DRY), house.housekeep()]);
    expect([dry.status, wet.status]).toEqual(['done', 'done']);
  });

  test('the first start is not noted', async () => {
    await house.drop('cat.jpg');
    house.clock.advance(1_000);
    expect(await house.housekeep({ ...DRY, BACKFILL: 'off' })).toMatchObject({ queued: 0 });
    expect(await names()).toEqual([]);
  });

  test('the length of the queue is the true one: it is told, and ends the run where it is too long', async () => {
    const recorded = recordTelemetry();
    try {
      await house.events.send('x');
      await house.poison.send('x');
      await house.housekeep(DRY);
      const shown = [METRICS.queueLength, METRICS.poisonLength].map((name) => recorded.gauge(name));
      expect(shown).toMatchObject([[{ value: 1 }], [{ value: 1 }]]);
    } finally {
      recorded.stop();
    }
    await house.drop('missed.jpg');
    for (let waiting = 0; waiting < 20_000; waiting++) await house.events.send('x');
    expect(await house.housekeep(DRY)).toMatchObject({ status: 'stopped', queued: 0 });
  });
});
