import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { AzureBlobs, connectStorage } from '../../../../core/store/azure-blobs.ts';
import { DailyLimit } from '../../../../core/vision/guard/daily-limit.ts';
import { startAzurite } from '../../../azurite.ts';
import { answer, fail } from '../../../faults/vision-behaviour.ts';
import { startVisionServer, type VisionServer } from '../../../faults/vision-server.ts';
import { SimulatedClock } from '../../../simulated-clock.ts';
import { guarded } from './guarded.ts';

const COUNTER = 'counters/vision-2026-01-01.json';
const MIDNIGHT = new Date('2026-01-02T00:00:00Z');
const { signal } = new AbortController();

let azurite: Awaited<ReturnType<typeof startAzurite>>;
let blobs: AzureBlobs;
let containers = 0;

beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.close());
beforeEach(async () => {
  const service = await connectStorage({ connectionString: azurite.connectionString });
  containers++;
  blobs = new AzureBlobs(service.getContainerClient(`state-${containers}`));
  await blobs.create();
});

async function counted(name = COUNTER): Promise<unknown> {
  const blob = await blobs.read(name, { maxBytes: 1_000 });
  return blob && JSON.parse(Buffer.from(blob.bytes ?? []).toString());
}

async function write(content: string): Promise<void> {
  await blobs.write(COUNTER, Buffer.from(content), { contentType: 'application/json', condition: 'any' });
}

/** How many calls can be taken before the day's are spent. */
async function spend(limit: DailyLimit): Promise<number> {
  for (let calls = 0; ; calls++) {
    const refused = await limit.take(signal).then(
      () => null,
      (error) => error,
    );
    if (refused === null) continue;
    expect(refused).toMatchObject({ code: 'vision-limit-spent' });
    return calls;
  }
}

describe("The day's calls", () => {
  test('are taken in blocks of one per cent and counted in a blob, to the last one', async () => {
    const limit = new DailyLimit(250, blobs, new SimulatedClock());
    await limit.take(signal);
    await limit.take(signal);
    expect(await counted()).toEqual({ taken: 2 });
    await limit.take(signal);
    expect(await counted()).toEqual({ taken: 4 });
    expect(await spend(limit)).toBe(247);
    expect(await counted()).toEqual({ taken: 250 });
  });

  test('that are spent defer everything until midnight UTC; then a new day begins', async () => {
    const clock = new SimulatedClock({ start: Date.UTC(2026, 0, 1, 23, 59, 59, 999) });
    const limit = new DailyLimit(3, blobs, clock);
    expect(await spend(limit)).toBe(3);
    await expect(limit.take(signal)).rejects.toMatchObject({ until: MIDNIGHT });
    clock.advance(1);
    expect(await spend(limit)).toBe(3);
    expect(await counted('counters/vision-2026-01-02.json')).toEqual({ taken: 3 });
  });

  test('are spent by nobody who leaves while they are being counted', async () => {
    const limit = new DailyLimit(1_000, blobs, new SimulatedClock());
    for (let caller = 0; caller < 20; caller++) {
      const leaving = new AbortController();
      const taken = limit.take(leaving.signal);
      leaving.abort();
      await expect(taken).rejects.toThrow();
    }
    await limit.take(signal);
    expect(await counted()).toEqual({ taken: 10 });
  });

  test('left over from a day are not used on the next', async () => {
    const clock = new SimulatedClock();
    const limit = new DailyLimit(1_000, blobs, clock);
    const giveBack = await limit.take(signal);
    clock.advance(86_400_000);
    await limit.take(signal);
    giveBack();
    expect(await spend(limit)).toBe(999);
  });

  test('that were not used after all are given back', async () => {
    const limit = new DailyLimit(2, blobs, new SimulatedClock());
    await limit.take(signal);
    const giveBack = await limit.take(signal);
    giveBack();
    expect(await spend(limit)).toBe(1);
  });

  test('begin anew under a lower limit only when the count allows it', async () => {
    await write('{"taken":80}');
    expect(await spend(new DailyLimit(50, blobs, new SimulatedClock()))).toBe(0);
    expect(await spend(new DailyLimit(100, blobs, new SimulatedClock()))).toBe(20);
  });

  test.each(['', 'x', '{}', '{"taken":-5}', '{"taken":"3"}'])(
    'are not guessed where the count reads %p',
    async (content) => {
      await write(content);
      const limit = new DailyLimit(100, blobs, new SimulatedClock());
      await expect(limit.take(signal)).rejects.toMatchObject({ code: 'storage-unavailable' });
    },
  );

  test('are not guessed where there is no container either', async () => {
    const service = await connectStorage({ connectionString: azurite.connectionString });
    const nowhere = new AzureBlobs(service.getContainerClient('nowhere'));
    const limit = new DailyLimit(100, nowhere, new SimulatedClock());
    await expect(limit.take(signal)).rejects.toMatchObject({ code: 'storage-unavailable' });
  });
});

test('calls that wait past midnight count on the day they are made', async () => {
  const server = await startVisionServer();
  try {
    const now = MIDNIGHT.getTime() - 2_000;
    const { analyze, settle } = guarded({ server, now, daily: { limit: 6, blobs }, callsPerSecond: 1 });
    const images = Array.from({ length: 6 }, () => analyze());
    await settle(Promise.allSettled(images));
    // One at once and one a second later; the other four have their turn on the new day.
    expect(server.calls).toBe(6);
    expect(await counted('counters/vision-2026-01-02.json')).toEqual({ taken: 4 });
  } finally {
    await server.close();
  }
});

test('a second request for one image is one more of the day', async () => {
  const server = await startVisionServer({ captions: false });
  try {
    const { outcome } = guarded({ server, daily: { limit: 2, blobs } });
    expect(await outcome()).toMatchObject({ code: 'ok', calls: 2 });
    expect(await outcome()).toMatchObject({ code: 'vision-limit-spent', calls: 0 });
  } finally {
    await server.close();
  }
});

test('images whose turn would come too late lose none of the day', async () => {
  const server = await startVisionServer();
  try {
    const { analyze, settle, outcome } = guarded({ server, daily: { limit: 60, blobs }, callsPerSecond: 1 });
    const results = await settle(Promise.allSettled(Array.from({ length: 60 }, () => analyze())));
    expect(results.some(({ status }) => status === 'rejected')).toBe(true);
    expect(server.calls).toBeLessThan(60);
    for (let image = server.calls; image < 60; image++) await outcome();
    expect(server.calls).toBe(60);
    expect(await outcome()).toMatchObject({ code: 'vision-limit-spent', calls: 0 });
  } finally {
    await server.close();
  }
});

test('V12: images that are deferred use up none of the calls they had taken already', async () => {
  const server = await startVisionServer({ behaviour: fail(503, 'Down') });
  try {
    const daily = { limit: 7, blobs };
    const { outcome, analyze, settle, clock } = guarded({ server, daily });
    await outcome();
    await outcome();
    clock.advance(30_000);
    await settle(Promise.allSettled(Array.from({ length: 7 }, () => analyze())));
    expect(server.calls).toBe(6);
    clock.advance(60_000);
    expect(await outcome()).toMatchObject({ calls: 1, code: 'vision-unavailable' });
    clock.advance(120_000);
    expect(await outcome()).toMatchObject({ calls: 0, code: 'vision-limit-spent' });
  } finally {
    await server.close();
  }
});

describe('Four processes at once', () => {
  const PROGRAM = fileURLToPath(new URL('spend-calls.ts', import.meta.url));
  const children: ChildProcess[] = [];
  let server: VisionServer;

  beforeEach(async () => {
    server = await startVisionServer();
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await server.close();
  });

  /** Gives what the program says at its end; null where it was killed. */
  async function start(limit: number): Promise<string | null> {
    const { endpoint, key } = server;
    const args = [azurite.connectionString, blobs.container, endpoint, key, `${limit}`];
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', PROGRAM, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: 60_000,
      killSignal: 'SIGKILL',
    });
    children.push(child);
    const exit = once(child, 'exit');
    const said = await text(child.stdout);
    const [code] = await exit;
    return code === 0 ? said.trim() : null;
  }

  test('never make more calls together than the limit of 100, and use at least 97', async () => {
    const said = await Promise.all([start(100), start(100), start(100), start(100)]);
    expect(said).toEqual(Array(4).fill(MIDNIGHT.toISOString()));
    expect(server.calls).toBeLessThanOrEqual(100);
    expect(server.calls).toBeGreaterThanOrEqual(97);
  });

  test('lose no more than the block of the one that is killed', async () => {
    const limit = 400;
    const block = 4;
    server.script(...Array.from({ length: 9 }, () => answer()), (...exchange) => {
      children[0]?.kill('SIGKILL');
      answer()(...exchange);
    });
    const said = await Promise.all([start(limit), start(limit), start(limit), start(limit)]);
    expect(said).toEqual([null, ...Array(3).fill(MIDNIGHT.toISOString())]);
    expect(server.calls).toBeLessThanOrEqual(limit);
    expect(server.calls).toBeGreaterThanOrEqual(limit - block);
  });
});
