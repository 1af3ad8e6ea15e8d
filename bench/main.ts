import { startAzurite } from '../tests/azurite.ts';
import { bundleAudit, timeAudit } from './audit.ts';
import { timeBurst } from './burst.ts';
import { timeComposing } from './compose.ts';
import { timeDrops } from './drops.ts';
import { median, printTable, quantile } from './figures.ts';
import { floor } from './floor.ts';
import { compareImports, type ImportCost } from './imports.ts';
import { compare } from './paired.ts';
import { photo } from './photo.ts';
import { product } from './product.ts';
import { timeRecovery } from './recovery.ts';
import { timeRejections } from './rejections.ts';
import { createStore, type Store } from './store.ts';
import { timeSweep } from './sweep.ts';
import { timeTelemetry } from './telemetry.ts';
import { throughput } from './throughput.ts';
import { timeUploads } from './uploads.ts';
import { startVision, type VisionService } from './vision.ts';

/** Prints what the program costs, beside the least it could cost. Nothing here is a test: figures depend on the machine. */

const ROUNDS = 30;
const IMPORT_ROUNDS = 7;
const IMAGES = 24;
const IN_FLIGHT = [1, 2];
/** Azurite's queue hardly moves any more after some thousands; tests/core/queue/burst.test.ts has 10,000 in memory. */
const BURST_EVENTS = 2_000;
const SWEPT_BLOBS = [10_000, 100_000];
const DOCUMENTS = 1000;
const DROPS = { crowd: 1_000, single: 20, burst: 200 };
const UPLOADS = 100;
/** As generators make them: small, so that telemetry has a larger part than it has of a photo. */
const TOLD = { images: 10_000, pairs: 2, side: 1_024 };

const ms = (value: number) => `${value.toFixed(1)} ms`;
const fine = (value: number) => `${value.toFixed(2)} ms`;
const times = (value: number) => `${value.toFixed(2)} x`;
const percent = (value: number) => `${(value * 100).toFixed(1)} %`;

async function comparePerImage(store: Store, vision: VisionService): Promise<void> {
  const { config, describe } = await product({
    STORAGE: store.connectionString,
    VISION_PROVIDER: 'azure-vision',
    VISION_ENDPOINT: vision.endpoint,
    VISION_KEY: vision.key,
    // What is measured is the program, not the pace it keeps.
    VISION_TPS: '1000',
  });
  const [first = ''] = store.names;
  await describe(first);
  const least = floor(store.container, vision, config, await store.prompt(first));
  await store.forget(first);
  const rows: string[][] = [];
  for (const inFlight of IN_FLIGHT) {
    const names = store.names.slice(0, inFlight);
    const result = await compare(
      { floor: least, product: describe },
      { names, rounds: ROUNDS, reset: store.forget },
    );
    rows.push([
      `${inFlight} in flight`,
      ...[result.floor.median, result.floor.p95, result.product.median, result.product.p95].map(ms),
      times(result.ratio),
    ]);
  }
  printTable(
    'A 12 MP photo, noticed to prompt stored, against a vision service that answers at once',
    ['', 'floor p50', 'floor p95', 'product p50', 'product p95', 'ratio'],
    rows,
  );
}

async function measureThroughput(store: Store): Promise<void> {
  const local = await product({ STORAGE: store.connectionString, VISION_PROVIDER: 'local' });
  await throughput(local, store, 1);
  const rows: string[][] = [];
  for (const inFlight of IN_FLIGHT) {
    rows.push([`${inFlight} in flight`, (await throughput(local, store, inFlight)).toFixed(1)]);
  }
  printTable('12 MP photos described with the provider `local`', ['', 'images/s'], rows);
}

async function measureImports(): Promise<void> {
  const { nothing, bundle, sources } = await compareImports(
    {
      nothing: null,
      bundle: new URL('../dist/functions/main.mjs', import.meta.url),
      sources: new URL('../functions/main.ts', import.meta.url),
    },
    IMPORT_ROUNDS,
  );
  const row = (name: string, { milliseconds, mebibytes }: ImportCost) => [
    name,
    ms(milliseconds),
    `${(mebibytes - nothing.mebibytes).toFixed(1)} MiB`,
  ];
  const ratio = [
    'bundle / sources',
    times(bundle.milliseconds / sources.milliseconds),
    times((bundle.mebibytes - nothing.mebibytes) / (sources.mebibytes - nothing.mebibytes)),
  ];
  printTable(
    `Loading the Functions app (an empty process has ${nothing.mebibytes.toFixed(0)} MiB)`,
    ['', 'time', 'memory'],
    [row('bundle', bundle), row('sources', sources), ratio],
  );
}

async function measureDrops(image: Uint8Array): Promise<void> {
  const { firstPrompt, latencies, burst, peakMemory } = await timeDrops(image, DROPS);
  printTable(
    `Local mode, 12 MP photos dropped by the SDK beside ${DROPS.crowd} other blobs, with the provider \`local\``,
    ['', ''],
    [
      ['start to first prompt', ms(firstPrompt)],
      ['drop to prompt, p50', ms(median(latencies))],
      ['drop to prompt, p95', ms(quantile(latencies, 0.95))],
      [`${DROPS.burst} dropped at once`, ms(burst)],
      ['peak memory', peakMemory === null ? 'unknown' : `${peakMemory.toFixed(0)} MiB`],
    ],
  );
}

async function measureSweep(connectionString: string): Promise<void> {
  const [few = 0] = SWEPT_BLOBS;
  // Compiled by then, so that the first figure is like the others.
  await timeSweep(connectionString, few);
  const costs = [];
  for (const blobs of SWEPT_BLOBS) costs.push({ blobs, ...(await timeSweep(connectionString, blobs)) });
  const perImage = costs.map(({ milliseconds, images }) => milliseconds / images);
  const rows = costs.map(({ blobs, listings, milliseconds, memory }, index) => [
    `${blobs} blobs`,
    `${listings}`,
    ms(milliseconds),
    ms(perImage[index] ?? 0),
    times((perImage[index] ?? 0) / (perImage[0] ?? 1)),
    `${memory.before.toFixed(0)} MiB`,
    `${memory.peak.toFixed(0)} MiB`,
  ]);
  printTable(
    'A sweep over a listing that was recorded and is replayed; one image in 50 has no prompt',
    ['', 'listings', 'time', 'per image', 'ratio', 'memory before', 'peak'],
    rows,
  );
}

async function measureAudit(connectionString: string): Promise<void> {
  await bundleAudit();
  const costs = [];
  for (const blobs of SWEPT_BLOBS) costs.push({ blobs, ...(await timeAudit(connectionString, blobs)) });
  const [first] = costs;
  const rows = costs.map(({ blobs, images, listings, milliseconds, memory }) => [
    `${blobs} blobs`,
    `${images}`,
    `${listings}`,
    ms(milliseconds),
    times(milliseconds / (first?.milliseconds ?? 1)),
    `${memory.before.toFixed(0)} MiB`,
    `${memory.peak.toFixed(0)} MiB`,
  ]);
  printTable(
    'A run of housekeeping with its audit, in a process of its own, over a listing that was recorded and is replayed',
    ['', 'images', 'listings', 'time', 'ratio', 'memory before', 'peak'],
    rows,
  );
}

async function measureUploads(store: Store, image: Uint8Array): Promise<void> {
  const { statuses, latencies, peakMemory } = await timeUploads(image, store.connectionString, UPLOADS);
  printTable(
    `${UPLOADS} photos of 12 MP sent to the server at once, with the provider \`local\``,
    ['', ''],
    [
      ...Object.entries(statuses).map(([status, count]) => [`answered ${status}`, `${count}`]),
      ['described, p50', ms(median(latencies))],
      ['described, p99', ms(quantile(latencies, 0.99))],
      ['peak memory', peakMemory === null ? 'unknown' : `${peakMemory.toFixed(0)} MiB`],
    ],
  );
}

async function measureRejections(store: Store): Promise<void> {
  const { describing } = await product({ STORAGE: store.connectionString, VISION_PROVIDER: 'local' });
  const rejections = await timeRejections(describing);
  const rows = rejections.slice(0, 5).map(({ name, code, milliseconds }) => [name, code, ms(milliseconds)]);
  printTable(`The slowest of ${rejections.length} hostile images to be refused`, ['', 'code', 'time'], rows);
}

function measureComposing(): void {
  const rows = [[`${DOCUMENTS} documents`, ms(timeComposing(DOCUMENTS))]];
  printTable('Composing for every target', ['', 'p50'], rows);
}

async function measureRecovery(image: Uint8Array): Promise<void> {
  const rows = (await timeRecovery(image, ROUNDS)).map((row) => [row.name, fine(row.median), fine(row.p95)]);
  printTable('What looking for an original prompt adds to an image that has none', ['', 'p50', 'p95'], rows);
}

async function measureBurst(): Promise<void> {
  const { burst, faults, memory, ...figures } = await timeBurst(BURST_EVENTS);
  const { milliseconds, storageCalls, visionCalls, paid } = figures;
  const { images, contents, duplicates, overwrites, deletes } = burst;
  const row = (name: string, value: number) => [name, `${value}`];
  printTable(
    `${BURST_EVENTS} events, two workers, a vision service that throttles one call in ten`,
    ['', ''],
    [
      row('images', images.size),
      row('duplicates', duplicates),
      row('overwrites', overwrites),
      row('deletes', deletes),
      ['first event to empty queue', `${(milliseconds / 1_000).toFixed(0)} s`],
      ['storage calls per event', (storageCalls / BURST_EVENTS).toFixed(2)],
      row('storage calls', storageCalls),
      row('vision calls', visionCalls),
      ['of them paid, of contents', `${paid} of ${contents}`],
      ['memory of the larger worker, each tenth', `${memory.map((size) => size.toFixed(0)).join(' ')} MiB`],
      row('broken promises', faults.length),
    ],
  );
  for (const fault of faults) console.error(fault);
  if (faults.length > 0) process.exitCode = 1;
}

async function measureTelemetry(): Promise<void> {
  const rows = (await timeTelemetry(TOLD)).map(({ to, without, with: telling, shares }) => [
    ...[to, fine(without), fine(telling)],
    ...[1 - without / telling, Math.min(...shares), Math.max(...shares)].map(percent),
  ]);
  printTable(
    `CPU time of ${TOLD.images} images of ${TOLD.side} x ${TOLD.side} in memory, in a process that tells of each`,
    ['to', 'telling nothing', 'telling', "telemetry's share", 'least of a pair', 'most'],
    rows,
  );
}

async function withAzurite(measure: (connectionString: string) => Promise<void>): Promise<void> {
  const azurite = await startAzurite();
  await measure(azurite.connectionString).finally(azurite.close);
}

async function measureMost(): Promise<void> {
  // Without our own memory full of images, and without other processes at work.
  await measureImports();
  measureComposing();
  await withAzurite(async (connectionString) => {
    const image = await photo();
    await measureRecovery(image);
    const store = await createStore(connectionString, image, IMAGES);
    const vision = await startVision();
    await comparePerImage(store, vision).finally(vision.close);
    await measureThroughput(store);
    await measureRejections(store);
    await measureUploads(store, image);
    await measureSweep(connectionString);
    await measureAudit(connectionString);
    await measureDrops(image);
  });
}

/** What is measured without a name is everything that takes less than some minutes. */
const ALONE = {
  audit: () => withAzurite(measureAudit),
  burst: measureBurst,
  sweep: () => withAzurite(measureSweep),
  telemetry: measureTelemetry,
};

const [name] = process.argv.slice(2);
const alone = Object.entries(ALONE).find(([known]) => known === name)?.[1];
if (name !== undefined && !alone) {
  console.error(`There is no benchmark ${name}. By themselves: ${Object.keys(ALONE).join(', ')}.`);
  process.exit(64);
}
await (alone ?? measureMost)();
