import { resolve } from 'node:path';
import { type Config, parseConfig, type StorageSettings } from '../../core/config.ts';
import { describeImage } from '../../core/describe/describe-image.ts';
import { createLog } from '../../core/log.ts';
import { isLoopback } from '../../core/loopback.ts';
import { createProgram } from '../../core/program.ts';
import { startServer } from '../server.ts';
import { watch } from '../watch.ts';
import { startAzurite } from './azurite.ts';
import { dropSamples } from './drop-samples.ts';
import { findModels, type ModelServer } from './model-servers.ts';
import { requireFreePorts } from './ports.ts';
import { foundModelLine, outcomeLine, reasonOf, welcome } from './words.ts';

/** Where the storage of local mode keeps its data, in the folder the program is started in (npm's: the project). */
const DATA = '.azurite';

/** Listing costs the emulator's processor, so it rests five times as long as it worked. */
const LOCAL_PAUSE = (listed: number) => Math.max(250, 5 * listed);
/** Listing someone's account costs money. */
const REMOTE_PAUSE_MS = 5 * 60_000;

/** Longer than a server on this machine takes to list its models. */
const MODEL_SERVERS_MS = 300;

/**
 * The main job on one machine: a storage, the API, and a watcher that describes what is dropped, until the signal
 * aborts. Ends with nothing half done and every port free.
 * @throws ConfigError, PortTakenError
 */
export async function runLocally(
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
  say: (line: string) => void,
  modelServers?: readonly ModelServer[],
): Promise<void> {
  const config = parseConfig(env, { storage: 'optional' });
  const { storage, isOwn, close } = await openStorage(config);
  try {
    await describeDrops(config, storage, { isOwn, signal, say, modelServers });
  } finally {
    await close();
  }
}

interface LocalStorage {
  readonly storage: StorageSettings;
  /** Whether the storage was started here, so that nobody else's images are in it. */
  readonly isOwn: boolean;
  close(): Promise<void>;
}

async function openStorage(config: Config): Promise<LocalStorage> {
  if (config.storage) {
    await requireFreePorts(config.HOST, { PORT: config.PORT });
    return { storage: config.storage, isOwn: false, close: async () => {} };
  }
  const { AZURITE_BLOB_PORT, AZURITE_QUEUE_PORT, AZURITE_TABLE_PORT } = config;
  await requireFreePorts(config.HOST, { PORT: config.PORT });
  await requireFreePorts('127.0.0.1', { AZURITE_BLOB_PORT, AZURITE_QUEUE_PORT, AZURITE_TABLE_PORT });
  const ports = { blob: AZURITE_BLOB_PORT, queue: AZURITE_QUEUE_PORT, table: AZURITE_TABLE_PORT };
  const azurite = await startAzurite({ ports, data: resolve(DATA) });
  return { storage: { connectionString: azurite.connectionString }, isOwn: true, close: azurite.close };
}

interface Drops {
  readonly isOwn: boolean;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  readonly modelServers: readonly ModelServer[] | undefined;
}

async function describeDrops(
  config: Config,
  storage: StorageSettings,
  { isOwn, signal, say, modelServers }: Drops,
): Promise<void> {
  const { HOST: host, PORT: port, IMAGES_PREFIX: prefix } = config;
  const { blobs, state, settings, api } = await createProgram(config, storage, createLog(config.LOG_LEVEL));
  await Promise.all([blobs.create(), state.create()]);
  const server = await startServer(api({ loopback: isLoopback(host), drainBodies: false }), { host, port });
  try {
    const { address } = server;
    const isNear = isLoopback(new URL(blobs.url('x')).hostname);
    const isEmpty = (await blobs.page({ size: 1 })).blobs.length === 0;
    say(welcome({ config, address, isNear, storage: isOwn ? storage : null, container: blobs.container }));
    // Said when it is known: nothing waits for it, and what was found is not used unasked.
    const naming = nameModels(config, modelServers, say);
    const watching = watch({
      blobs,
      prefix,
      // What was begun is finished when the program stops, so that no image is left half done.
      describe: (event, lastTry) =>
        describeImage(event, blobs, settings, { lastTry, signal: new AbortController().signal }),
      report: (report) => say(outcomeLine(address, report)),
      warn: (error) => say(`The storage cannot be listed at the moment: ${reasonOf(error)}`),
      pause: isNear ? LOCAL_PAUSE : () => REMOTE_PAUSE_MS,
      signal,
    });
    await Promise.all([watching, naming, isOwn && isEmpty ? dropSamples(blobs, prefix, signal) : null]);
    say('Stopping.');
  } finally {
    await server.close();
  }
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
