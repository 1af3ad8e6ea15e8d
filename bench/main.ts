import { startAzurite } from '../tests/azurite.ts';
import { timeDrops } from './drops.ts';
import { median, printTable, quantile } from './figures.ts';
import { floor } from './floor.ts';
import { compareImports, type ImportCost } from './imports.ts';
import { compare } from './paired.ts';
import { photo } from './photo.ts';
import { product } from './product.ts';
import { timeRejections } from './rejections.ts';
import { createStore, type Store } from './store.ts';
import { throughput } from './throughput.ts';
import { startVision, type VisionService } from './vision.ts';

/** Prints what the program costs, beside the least it could cost. Nothing here is a test: figures depend on the machine. */

const ROUNDS = 30;
const IMPORT_ROUNDS = 7;
const IMAGES = 24;
const IN_FLIGHT = [1, 2];
const DROPS = { single: 20, burst: 200 };

const ms = (value: number) => `${value.toFixed(1)} ms`;
const times = (value: number) => `${value.toFixed(2)} x`;

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
    'Local mode, 12 MP photos dropped by the SDK, with the provider `local`',
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

async function measureRejections(store: Store): Promise<void> {
  const { describing } = await product({ STORAGE: store.connectionString, VISION_PROVIDER: 'local' });
  const rejections = await timeRejections(describing);
  const rows = rejections.slice(0, 5).map(({ name, code, milliseconds }) => [name, code, ms(milliseconds)]);
  printTable(`The slowest of ${rejections.length} hostile images to be refused`, ['', 'code', 'time'], rows);
}

// Without our own memory full of images, and without other processes at work.
await measureImports();

const azurite = await startAzurite();
try {
  const image = await photo();
  const store = await createStore(azurite.connectionString, image, IMAGES);
  const vision = await startVision();
  await comparePerImage(store, vision).finally(vision.close);
  await measureThroughput(store);
  await measureRejections(store);
  await measureDrops(image);
} finally {
  await azurite.close();
}
