import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Azurite } from '../../containerapp/local/azurite.ts';
import { METRICS } from '../../core/telemetry.ts';
import { startAzurite } from '../azurite.ts';
import { BUILD_DEADLINE_MS, builtHosts } from '../built.ts';
import { startCommand } from '../containerapp/command.ts';
import { fail } from '../faults/vision-behaviour.ts';
import { startVisionServer, type VisionServer } from '../faults/vision-server.ts';
import { photo } from '../fixtures/images/photo.ts';
import { startFront } from '../functions/front.ts';
import { startWorker } from '../functions/worker.ts';
import { APPLICATION_INSIGHTS, type Listener, OTLP_COLLECTOR, startListener } from './listener.ts';
import { type Place, startPlace } from './place.ts';
import { treeBelow } from './trace.ts';

/** Both bundles, each in a process of its own, and what they tell of themselves to somebody who listens. */

const TIMER = JSON.stringify({
  isPastDue: false,
  schedule: { adjustForDST: false },
  scheduleStatus: { last: '', next: '', lastUpdated: '' },
});

/** What is done for one image that nothing was known of. */
const STEPS = ['image.inspect', 'image.read', 'prompt.compose', 'prompt.write', 'vision.analyze'];
const leaves = (names: readonly string[]) => names.map((name) => ({ name, below: [] }));
const described = (steps: readonly string[]) => [{ name: 'image.describe', below: leaves(steps) }];

/** By default Application Insights hears of some in a second only. */
const EVERY_TRACE = { OTEL_TRACES_SAMPLER: 'always_on' };

/** What is in every SDK, and in nothing that only uses the API. */
const SDK = /BatchSpanProcessor|PeriodicExportingMetricReader|useAzureMonitor\(/;

/** The bundles are for one platform, whatever machine made them. */
const describeWhereItRuns = process.platform === 'linux' && process.arch === 'x64' ? describe : describe.skip;

const CHILD_DEADLINE_MS = 60_000;

let built: string;
let azurite: Azurite;
let vision: VisionServer;
beforeAll(async () => {
  built = await builtHosts();
  azurite = await startAzurite();
}, BUILD_DEADLINE_MS + CHILD_DEADLINE_MS);
afterAll(async () => {
  await azurite.close();
});

const containerMain = () => join(built, 'containerapp/main.mjs');

let listener: Listener;
let place: Place;

const WAYS = [
  { to: 'Application Insights', way: APPLICATION_INSIGHTS },
  { to: 'a collector', way: OTLP_COLLECTOR },
];

describeWhereItRuns.each(WAYS)('to $to', ({ way }) => {
  beforeEach(async () => {
    // Its circuit and its pace are a process's own, but what it was told to answer is not.
    vision = await startVisionServer();
    listener = await startListener(way);
    place = await startPlace(azurite.connectionString, vision);
  });
  afterEach(async () => {
    await listener.close();
    await vision.close();
  });

  /** The ids of the traces in which an image was described. */
  const traces = () =>
    new Set(listener.spans.filter(({ name }) => name === 'image.describe').map(({ trace }) => trace));
  const spansOf = (trace: string) => listener.spans.filter((span) => span.trace === trace);

  function expectNothingPrivate() {
    const all = listener.texts.join('\n');
    for (const secret of [
      vision.key,
      azurite.connectionString,
      'AccountKey=',
      'sig=',
      'of-the-webhook',
      '=in-a-query',
    ]) {
      expect(all).not.toContain(secret);
    }
  }

  test('the container tells of a drop as one trace, of every metric, and of its log lines', async () => {
    const environment = { ...place.environment, ...listener.settings, ...EVERY_TRACE };
    const worker = startCommand(['work'], { settings: environment, main: containerMain() });
    const jpeg = await photo({ width: 300, height: 200 });
    await place.drop('first.jpg', jpeg);
    await worker.says(/"name":"first.jpg","outcome":"done"/);
    await place.drop('again.jpg', jpeg);
    await worker.says(/"name":"again.jpg","outcome":"done"/);
    await place.queue('no event');
    await worker.says(/"message set aside"/);
    vision.script(fail(429, 'Throttled', { 'retry-after': '600' }));
    await place.drop('throttled.jpg', await photo({ width: 300, height: 200, seed: 2 }));
    await worker.says(/"outcome":"deferred"/);
    worker.kill('SIGTERM');
    expect(await worker.ended).toBe(0);
    const keeper = startCommand(['housekeep'], { settings: environment, main: containerMain() });
    expect(await keeper.ended).toBe(0);

    expect([...listener.metrics]).toEqual(expect.arrayContaining(Object.values(METRICS)));
    const trees = [...traces()].map((trace) => treeBelow(spansOf(trace), null));
    expect(trees).toContainEqual(described(STEPS));
    expect(trees).toContainEqual(described(STEPS.filter((step) => step !== 'vision.analyze')));
    expect(listener.spans.filter(({ isRequest }) => isRequest).length).toBe(traces().size);
    // Each line is found with its image.
    const done = listener.logs.filter(({ message }) => message === 'done');
    expect(done).toHaveLength(2);
    for (const { trace } of done) expect(traces()).toContain(trace);
    expect(worker.output()).toMatch(new RegExp(`"outcome":"done".*"trace_id":"${done[0]?.trace}"`));
    expect(listener.strangers).toEqual([]);
    expectNothingPrivate();
  });

  test('the container tells of a POST as one trace, below that of its client', async () => {
    const environment = {
      ...{ ...place.environment, ...listener.settings, ...EVERY_TRACE },
      ...{ AUTH: 'none', PORT: '0' },
    };
    const server = startCommand(['serve'], { settings: environment, main: containerMain() });
    const [, address = ''] = await server.says(/"address":"([^"]+)"/);
    const [trace, caller] = [randomBytes(16).toString('hex'), randomBytes(8).toString('hex')];
    const answer = await fetch(`${address}/api/prompts?store=true&name=in-a-query.jpg`, {
      method: 'POST',
      body: new Uint8Array(await photo({ width: 300, height: 200 })),
      headers: { 'content-type': 'image/jpeg', traceparent: `00-${trace}-${caller}-01` },
    });
    expect(answer.status).toBe(201);
    expect((await fetch(`${address}/api/live`)).status).toBe(200);
    server.kill('SIGTERM');
    expect(await server.ended).toBe(0);

    expect(treeBelow(spansOf(trace), caller)).toEqual([
      { name: 'POST /api/prompts', below: described(STEPS) },
    ]);
    const requests = listener.spans.filter(({ isRequest }) => isRequest);
    expect(requests.map(({ name }) => name)).toEqual(['POST /api/prompts']);
    expectNothingPrivate();
  });

  test('the Functions app tells of a drop and of a POST below what the host tells, and of every metric', async () => {
    const environment = {
      ...{ ...place.environment, ...listener.settings, ...EVERY_TRACE },
      ...{ AUTH: 'none', TELEMETRY: 'worker' },
    };
    const app = await startWorker(join(built, 'functions/main.mjs'), environment);
    const front = await startFront(app);
    expect(app.capabilities).toMatchObject({ WorkerOpenTelemetryEnabled: 'true' });
    const invocation = () => {
      const [trace, id] = [randomBytes(16).toString('hex'), randomBytes(8).toString('hex')];
      return { trace, id, traceParent: `00-${trace}-${id}-01` };
    };
    const [dropped, posted, queued] = [invocation(), invocation(), invocation()];
    const jpeg = await photo({ width: 300, height: 200 });
    await place.store('first.jpg', jpeg);
    await app.call('describe-image', { name: { string: 'first.jpg' } }, dropped);
    await app.call(
      'describe-queued',
      { DequeueCount: { json: '1' } },
      { traceParent: queued.traceParent, input: 'no event' },
    );
    await place.store('again.jpg', jpeg);
    await app.call('describe-image', { name: { string: 'again.jpg' } });
    const body = new Uint8Array(await photo({ width: 300, height: 200, seed: 2 }));
    const headers = { 'content-type': 'image/jpeg', traceparent: posted.traceParent };
    const answer = await fetch(`${front.address}/api/prompts`, { method: 'POST', body, headers });
    expect(answer.status).toBe(200);
    vision.script(fail(429, 'Throttled', { 'retry-after': '600' }));
    await place.store('throttled.jpg', await photo({ width: 300, height: 200, seed: 3 }));
    const input = JSON.stringify({ container: place.container, name: 'throttled.jpg' });
    await app.call('describe-queued', { DequeueCount: { json: '1' } }, { input });
    await app.call('housekeeping', {}, { input: TIMER });
    await front.close();
    await app.terminate();

    expect([...listener.metrics]).toEqual(expect.arrayContaining(Object.values(METRICS)));
    expect(treeBelow(spansOf(dropped.trace), dropped.id)).toEqual(described(STEPS));
    // It is not stored, so it is neither read nor written.
    const ofBytes = STEPS.filter((step) => !['image.read', 'prompt.write'].includes(step));
    expect(treeBelow(spansOf(posted.trace), posted.id)).toEqual(described(ofBytes));
    // The host tells of the invocations.
    for (const { trace } of [dropped, posted]) {
      expect(spansOf(trace).filter(({ isRequest }) => isRequest)).toEqual([]);
    }
    expect(listener.logs).toContainEqual({ trace: dropped.trace, message: 'done' });
    expect(listener.logs).toContainEqual({ trace: queued.trace, message: 'malformed' });
    expect(listener.strangers).toEqual([]);
    expectNothingPrivate();
  });
});

describeWhereItRuns('where nobody listens', () => {
  const LOADED_MODULES = fileURLToPath(new URL('loaded-modules.ts', import.meta.url));
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'loaded-'));
    vision = await startVisionServer();
    listener = await startListener(APPLICATION_INSIGHTS);
  });
  beforeEach(async () => {
    place = await startPlace(azurite.connectionString, vision);
  });
  afterAll(async () => {
    await listener.close();
    await vision.close();
    await rm(folder, { recursive: true });
  });

  let runs = 0;
  function recorded(settings: Readonly<Record<string, string>>) {
    const file = join(folder, `${++runs}`);
    const environment = {
      ...{ ...place.environment, AUTH: 'none', PORT: '0', ...settings },
      ...{ LOADED_MODULES: file, NODE_OPTIONS: `--import=${pathToFileURL(LOADED_MODULES)}` },
    };
    return { environment, telemetry: async () => telemetryIn(await readFile(file, 'utf8')) };
  }

  /** Of the modules that were loaded, those with an SDK in them. */
  async function telemetryIn(addresses: string): Promise<string[]> {
    const files = addresses.split('\n').filter((address) => address.startsWith(pathToFileURL(built).href));
    if (files.length === 0) throw new Error('not even the program was loaded');
    const found: string[] = [];
    for (const file of files.map((address) => fileURLToPath(address))) {
      if (SDK.test(await readFile(file, 'utf8'))) found.push(file);
    }
    return found;
  }

  async function serve(settings: Readonly<Record<string, string>>): Promise<string[]> {
    const { environment, telemetry } = recorded(settings);
    const server = startCommand(['serve'], { settings: environment, main: containerMain() });
    await server.says(/"address"/);
    server.kill('SIGTERM');
    expect(await server.ended).toBe(0);
    return telemetry();
  }

  async function invoke(settings: Readonly<Record<string, string>>): Promise<string[]> {
    const { environment, telemetry } = recorded({ ...listener.settings, ...settings });
    const app = await startWorker(join(built, 'functions/main.mjs'), environment);
    const front = await startFront(app);
    expect((await fetch(`${front.address}/api/live`)).status).toBe(200);
    await front.close();
    await app.terminate();
    return telemetry();
  }

  test('the container loads no SDK, and with a connection string it does', async () => {
    expect(await serve({})).toEqual([]);
    expect(await serve({ OTEL_SDK_DISABLED: 'true', ...listener.settings })).toEqual([]);
    expect(await serve(listener.settings)).not.toEqual([]);
  });

  test('the Functions app loads none where the host tells, whatever it is connected to', async () => {
    expect(await invoke({})).toEqual([]);
    expect(await invoke({ TELEMETRY: 'worker' })).not.toEqual([]);
  });
});
