import { resolve } from 'node:path';
import { type Config, parseConfig, type StorageSettings } from '../../core/config.ts';
import { createLog, standardOutput } from '../../core/log.ts';
import { isLoopback } from '../../core/loopback.ts';
import { createProgram, type Program } from '../../core/program.ts';
import { QueueWorker } from '../../core/queue/worker.ts';
import { begin } from '../../core/store/first-start.ts';
import { startTelemetry, type Telemetry } from '../../core/telemetry/start.ts';
import { runOnSchedule } from '../housekeep.ts';
import { reasonOf } from '../reason.ts';
import { startServer } from '../server.ts';
import { settle, Told } from '../told.ts';
import { isNear, type Notice, watchInto } from '../watch.ts';
import { CONCURRENCY } from '../work.ts';
import { startAzurite } from './azurite.ts';
import { requireNoOwner } from './data-owner.ts';
import { dropSamples } from './drop-samples.ts';
import { findModels, type ModelServer } from './model-servers.ts';
import { requireFreePorts } from './ports.ts';
import { together } from './together.ts';
import { foundModelLine, noticeLine, reportLine, welcome } from './words.ts';

/** Where the storage of local mode keeps its data, in the folder the program is started in (npm's: the project). */
const DATA = '.azurite';

/** The longest pause between two looks into an empty queue; what the watcher finds wakes the worker at once. */
const NEAR_PAUSE_MS = 2_000;
const FAR_PAUSE_MS = 30_000;

/** What was begun may take so long after Ctrl-C. */
const GRACE_MS = 20_000;

/** Longer than a server on this machine takes to list its models. */
const MODEL_SERVERS_MS = 300;

/** The emulator ended by itself. It cannot be revived under a worker that is about to write. */
export class StorageLostError extends Error {
  override readonly name = 'StorageLostError';
}

/**
 * The main job on one machine: a storage, the API, a watcher that queues what is dropped, a worker that describes it,
 * and housekeeping, until the signal aborts. Ends with nothing half done and every port free.
 * @throws ConfigError, ListenError, DataTakenError, StorageLostError
 */
export async function runLocally(
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
  say: (line: string) => void,
  modelServers?: readonly ModelServer[],
): Promise<void> {
  const config = parseConfig(env, { storage: 'optional' });
  const { storage, isOwn, lost, close } = await openStorage(config, say);
  const telemetry = await startTelemetry(env, createLog(config.LOG_LEVEL));
  try {
    const stop = AbortSignal.any([signal, lost]);
    const drops = { isOwn, signal: stop, say, modelServers, telemetry };
    // On a console of Windows a Ctrl-C reaches the emulator, too.
    const isLost = () => lost.aborted && !signal.aborted;
    await describeDrops(config, storage, drops).catch((error) => {
      if (!isLost()) throw error;
    });
    if (isLost()) throw new StorageLostError('The storage emulator ended by itself: start again.');
  } finally {
    await telemetry.stop();
    await close();
  }
}

interface LocalStorage {
  readonly storage: StorageSettings;
  /** Whether the storage was started here, so that nobody else's images are in it. */
  readonly isOwn: boolean;
  /** Aborts when a storage of ours ended by itself. */
  readonly lost: AbortSignal;
  close(): Promise<void>;
}

async function openStorage(config: Config, say: (line: string) => void): Promise<LocalStorage> {
  if (config.storage) {
    await requireFreePorts(config.HOST, { PORT: config.PORT });
    const lost = new AbortController().signal;
    return { storage: config.storage, isOwn: false, lost, close: async () => {} };
  }
  const data = resolve(DATA);
  await requireNoOwner(data, say);
  const { AZURITE_BLOB_PORT, AZURITE_QUEUE_PORT, AZURITE_TABLE_PORT } = config;
  await requireFreePorts(config.HOST, { PORT: config.PORT });
  await requireFreePorts('127.0.0.1', { AZURITE_BLOB_PORT, AZURITE_QUEUE_PORT, AZURITE_TABLE_PORT });
  const ports = { blob: AZURITE_BLOB_PORT, queue: AZURITE_QUEUE_PORT, table: AZURITE_TABLE_PORT };
  const azurite = await startAzurite({ ports, data });
  const { connectionString, lost, close } = azurite;
  return { storage: { connectionString }, isOwn: true, lost, close };
}

interface Drops {
  readonly isOwn: boolean;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  readonly modelServers: readonly ModelServer[] | undefined;
  readonly telemetry: Telemetry;
}

async function describeDrops(
  config: Config,
  storage: StorageSettings,
  { isOwn, signal, say, modelServers, telemetry }: Drops,
): Promise<void> {
  const { HOST: host, PORT: port, IMAGES_PREFIX: prefix } = config;
  const log = createLog(config.LOG_LEVEL, [standardOutput(), ...telemetry.sinks]);
  const program = await createProgram(config, storage, log);
  const { blobs, state, feed, events, poison, settings, api, news } = program;
  const places = [blobs, state, events, poison, ...(feed ? [feed.blobs] : [])];
  await Promise.all(places.map((place) => place.create()));
  await begin(state, log);
  const server = await startServer(api({ loopback: isLoopback(host), drainBodies: false }), { host, port });
  const stopping = () => {
    say('Stopping.');
    // While the worker ends what it began, so do the requests.
    void server.close();
  };
  signal.addEventListener('abort', stopping);
  try {
    const { address } = server;
    const isEmpty = (await blobs.page({ size: 1 })).blobs.length === 0;
    const { container } = blobs;
    say(welcome({ config, address, isNear: isNear(blobs), storage: isOwn ? storage : null, container }));
    const images = new Told();
    const worker = createWorker(program, { address, images, say });
    const told = {
      wake: () => worker.wake(),
      isIdle: () => worker.isIdle,
      notice: (notice: Notice) => say(noticeLine(notice)),
      warn: (error: unknown) => say(`The storage cannot be watched at the moment: ${reasonOf(error)}`),
      clock: settings.clock,
      images,
    };
    await together(signal, [
      (until) => watchInto(program, config, until, told),
      (until) => worker.run(until),
      (until) => runOnSchedule(program, config, { log, signal: until }),
      // Said when it is known: nothing waits for it, and what was found is not used unasked.
      () => nameModels(config, modelServers, say),
      async (until) => isOwn && isEmpty && dropSamples(blobs, prefix, until),
    ]);
  } finally {
    signal.removeEventListener('abort', stopping);
    await server.close();
    await news.close();
  }
}

function createWorker(
  { blobs, poison, handler, settings }: Program,
  { address, images, say }: { address: string; images: Told; say(line: string): void },
): QueueWorker {
  const places = { address, poison: poison.name };
  return new QueueWorker({
    handler,
    clock: settings.clock,
    concurrency: CONCURRENCY,
    report(report) {
      settle(report, images);
      const line = reportLine(report, places);
      if (line !== null) say(line);
    },
    warn: (error) => say(`The queue does not answer at the moment: ${reasonOf(error)}`),
    maxPause: isNear(blobs) ? NEAR_PAUSE_MS : FAR_PAUSE_MS,
    grace: GRACE_MS,
  });
}

async function nameModels(
  config: Config,
  servers: readonly ModelServer[] | undefined,
  say: (line: string) => void,
): Promise<void> {
  if (config.VISION_PROVIDER !== 'local') return;
  const { PORT, AZURITE_BLOB_PORT, AZURITE_QUEUE_PORT, AZURITE_TABLE_PORT } = config;
  const found = await findModels({
    ...(servers && { servers }),
    ownPorts: [PORT, AZURITE_BLOB_PORT, AZURITE_QUEUE_PORT, AZURITE_TABLE_PORT],
    signal: AbortSignal.timeout(MODEL_SERVERS_MS),
  });
  for (const model of found) say(foundModelLine(model));
}
