import { resolve } from 'node:path';
import { type Config, parseConfig, type StorageSettings } from '../../core/config.ts';
import { describeImage } from '../../core/describe/describe-image.ts';
import { createLog } from '../../core/log.ts';
import { createProgram } from '../../core/program.ts';
import { isLoopback } from '../serve.ts';
import { startServer } from '../server.ts';
import { watch } from '../watch.ts';
import { startAzurite } from './azurite.ts';
import { dropSamples } from './drop-samples.ts';
import { requireFreePorts } from './ports.ts';
import { outcomeLine, welcome } from './words.ts';

/** Where the storage of local mode keeps its data, in the folder the program is started in (npm's: the project). */
const DATA = '.azurite';

/** Listing costs the emulator's processor, so it rests five times as long as it worked. */
const LOCAL_PAUSE = (listed: number) => Math.max(250, 5 * listed);
/** Listing someone's account costs money. */
const REMOTE_PAUSE_MS = 5 * 60_000;

/**
 * The main job on one machine: a storage, the API, and a watcher that describes what is dropped, until the signal
 * aborts. Ends with nothing half done and every port free.
 * @throws ConfigError, PortTakenError
 */
export async function runLocally(
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<void> {
  const config = parseConfig(env, { storage: 'optional' });
  const { storage, isOwn, close } = await openStorage(config);
  try {
    await describeDrops(config, storage, { isOwn, signal, say });
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
}

async function describeDrops(
  config: Config,
  storage: StorageSettings,
  { isOwn, signal, say }: Drops,
): Promise<void> {
  const { HOST: host, PORT: port, IMAGES_PREFIX: prefix } = config;
  const { blobs, settings, api } = await createProgram(config, storage, createLog(config.LOG_LEVEL));
  await blobs.create();
  const server = await startServer(api({ loopback: isLoopback(host), drainBodies: false }), { host, port });
  try {
    const { address } = server;
    const isNear = isLoopback(new URL(blobs.url('x')).hostname);
    const isEmpty = (await blobs.page({ size: 1 })).blobs.length === 0;
    say(welcome({ config, address, isNear, storage: isOwn ? storage : null, container: blobs.container }));
    const watching = watch({
      blobs,
      prefix,
      // What was begun is finished when the program stops, so that no image is left half done.
      describe: (event, lastTry) =>
        describeImage(event, blobs, settings, { lastTry, signal: new AbortController().signal }),
      report: (name, outcome, milliseconds) => say(outcomeLine(address, name, outcome, milliseconds)),
      warn: (error) => say(`The storage cannot be listed at the moment: ${String(error)}`),
      pause: isNear ? LOCAL_PAUSE : () => REMOTE_PAUSE_MS,
      signal,
    });
    await Promise.all([watching, isOwn && isEmpty ? dropSamples(blobs, prefix, signal) : null]);
    say('Stopping.');
  } finally {
    await server.close();
  }
}
