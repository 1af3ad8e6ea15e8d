import type { ZodError } from 'zod';
import { insightsConnection } from './setting-kinds.ts';
import { DEFAULT_IMAGES, DEFAULT_STATE, SETTINGS, type Settings } from './settings.ts';
import type { VisionSettings } from './vision/create.ts';

/**
 * Every setting, parsed once from the environment. All faults are reported together, and no value is ever
 * repeated in a message, since any of them may be a secret.
 */

const INSIGHTS = 'APPLICATIONINSIGHTS_CONNECTION_STRING';

const OWN_PREFIXES = ['VISION_', 'PROMPT_', 'IMAGE_', 'IMAGES_', 'FETCH_', 'WEBHOOK_', 'HOUSEKEEPING_'];

/**
 * Like ours, but of others: variables of bash, and of the links that Kubernetes puts into every container for every
 * Service (https://kubernetes.io/docs/concepts/containers/container-environment/), such as one called prompt-generator.
 */
const FOREIGN =
  /^PROMPT_(COMMAND|DIRTRIM)$|_SERVICE_(HOST|PORT(_\w+)?)$|_PORT(_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?$/;

/** How to reach the storage account. */
export type StorageSettings =
  | { readonly connectionString: string }
  | {
      readonly blobServiceUri: string;
      readonly queueServiceUri: string;
      readonly clientId: string | undefined;
    };

export type Config = Readonly<Settings> & {
  /** Null only where `parseConfig` was told that storage is optional. */
  readonly storage: StorageSettings | null;
  readonly vision: VisionSettings;
  /** Whether images that were there before the first start are described unasked. */
  readonly backfill: boolean;
};

/** `EX_CONFIG` of sysexits.h: the program cannot start because of its settings. */
export const EXIT_CONFIG = 78;

export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(
      `The settings have ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}:\n  ${faults.join('\n  ')}`,
    );
    this.faults = faults;
  }
}

/**
 * @param env variables as `process.env` has them
 * @param options.storage `optional` for local mode, which starts a storage of its own
 * @throws ConfigError naming every fault, no value
 */
export function parseConfig(
  env: Readonly<Record<string, string | undefined>>,
  options: { readonly storage: 'required' | 'optional' } = { storage: 'required' },
): Config {
  const faults = [...strangers(env), ...contradictions(env, options.storage === 'required')];
  const values: Record<string, unknown> = {};
  for (const [key, { schema }] of Object.entries(SETTINGS)) {
    const parsed = schema.safeParse(env[key]);
    if (parsed.success) values[key] = parsed.data;
    else faults.push(...faultsOf(key, parsed.error));
  }
  // Not ours, but whoever reads it says nothing of what is wrong with it. Empty it is as good as not there.
  const insights = insightsConnection.safeParse(env[INSIGHTS]);
  if (env[INSIGHTS]?.trim() && !insights.success) faults.push(...faultsOf(INSIGHTS, insights.error));
  if (faults.length > 0) throw new ConfigError(faults);
  // Every key of the table was parsed by its own schema just above.
  const settings = values as Settings;
  const backfill = (settings.BACKFILL ?? (settings.VISION_PROVIDER === 'local' ? 'on' : 'off')) === 'on';
  return { ...settings, storage: storageOf(settings), vision: visionOf(settings), backfill };
}

function faultsOf(key: string, { issues }: ZodError): string[] {
  return [...new Set(issues.map(({ message }) => `${key} ${message}`))];
}

/** Keys that look like ours and are not: a mistyped setting must not be ignored in silence. */
function strangers(env: Readonly<Record<string, string | undefined>>): string[] {
  return Object.keys(env).flatMap((key) => {
    const prefix = OWN_PREFIXES.find((own) => key.startsWith(own));
    if (prefix === undefined || key in SETTINGS || FOREIGN.test(key)) return [];
    const known = Object.keys(SETTINGS).filter((own) => own.startsWith(prefix));
    return [`${key} is not a setting${known.length > 0 ? ` (known: ${known.join(', ')})` : ''}`];
  });
}

const NEEDED_FOR = new Map([
  ['azure-vision', ['VISION_ENDPOINT']],
  ['openai', ['VISION_ENDPOINT', 'VISION_MODEL']],
]);

/** What local mode listens on where it starts a storage of its own. */
const LOCAL_PORTS = ['AZURITE_BLOB_PORT', 'AZURITE_QUEUE_PORT', 'AZURITE_TABLE_PORT', 'PORT'] as const;

function contradictions(env: Readonly<Record<string, string | undefined>>, needsStorage: boolean): string[] {
  const faults: string[] = [];
  if (needsStorage && env.STORAGE === undefined && env.STORAGE__blobServiceUri === undefined) {
    faults.push(
      'STORAGE is missing: the connection string of the storage, such as npm start prints (or STORAGE__blobServiceUri for an identity)',
    );
  }
  if (env.STORAGE !== undefined && env.STORAGE__blobServiceUri !== undefined) {
    faults.push('STORAGE and STORAGE__blobServiceUri are both set: keep one');
  }
  if (!needsStorage && env.STORAGE === undefined && env.STORAGE__blobServiceUri === undefined) {
    const ports = LOCAL_PORTS.flatMap((key) => SETTINGS[key].schema.safeParse(env[key]).data ?? []);
    if (new Set(ports).size < ports.length) faults.push(`${LOCAL_PORTS.join(', ')} are not all different`);
  }
  const blobAddress = env.STORAGE__blobServiceUri;
  if (blobAddress && !blobAddress.includes('.blob.') && env.STORAGE__queueServiceUri === undefined) {
    faults.push('STORAGE__queueServiceUri is missing: it cannot be told from STORAGE__blobServiceUri');
  }
  const provider = env.VISION_PROVIDER?.trim() ?? '';
  for (const key of NEEDED_FOR.get(provider) ?? []) {
    if (env[key] === undefined) faults.push(`${key} is missing: VISION_PROVIDER=${provider} needs it`);
  }
  if (provider === 'openai' && URL.parse(env.VISION_ENDPOINT ?? '')?.pathname === '/') {
    faults.push('VISION_ENDPOINT has no path: VISION_PROVIDER=openai needs a base URL, such as https://…/v1');
  }
  if (env.WEBHOOK_URL !== undefined && env.WEBHOOK_SECRET === undefined && env.KEY_VAULT_URI === undefined) {
    faults.push(
      'WEBHOOK_SECRET is missing: events are signed (or KEY_VAULT_URI, with a secret webhook-secret)',
    );
  }
  const images = env.IMAGES_CONTAINER?.trim() ?? DEFAULT_IMAGES;
  if ((env.STATE_CONTAINER?.trim() ?? DEFAULT_STATE) === images) {
    faults.push('STATE_CONTAINER and IMAGES_CONTAINER are the same: state is no image');
  }
  const feed = env.FEED_CONTAINER?.trim();
  if (feed === images || feed === (env.STATE_CONTAINER?.trim() ?? DEFAULT_STATE)) {
    faults.push('FEED_CONTAINER is the container of the images or of state: the feed needs its own');
  }
  return faults;
}

function storageOf(settings: Settings): StorageSettings | null {
  if (settings.STORAGE) return { connectionString: settings.STORAGE };
  if (!settings.STORAGE__blobServiceUri) return null;
  const { STORAGE__blobServiceUri: blobServiceUri, STORAGE__clientId: clientId } = settings;
  const queueServiceUri = settings.STORAGE__queueServiceUri ?? queueAddress(blobServiceUri);
  return { blobServiceUri, queueServiceUri, clientId };
}

/** Azure's own addresses differ in one word; of any other the queue's must be told. */
function queueAddress(blobServiceUri: string): string {
  return blobServiceUri.replace('.blob.', '.queue.');
}

function visionOf(settings: Settings): VisionSettings {
  const {
    VISION_PROVIDER: provider,
    VISION_ENDPOINT: endpoint,
    VISION_KEY: key,
    VISION_MODEL: model,
  } = settings;
  if (provider === 'local' || endpoint === undefined) return { provider: 'local' };
  if (provider === 'azure-vision') return { provider, endpoint, key, modelVersion: model };
  return model === undefined ? { provider: 'local' } : { provider, endpoint, key, model };
}
