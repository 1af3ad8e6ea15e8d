import { z } from 'zod';
import { isLoopback } from './loopback.ts';
import { TARGETS } from './prompt/document.ts';
import type { VisionSettings } from './vision/create.ts';
import { VISION_FEATURES, VISION_PROVIDERS } from './vision/vision.ts';

/**
 * Every setting, parsed once from the environment. All faults are reported together, and no value is ever
 * repeated in a message, since any of them may be a secret.
 */

const MIB = 1024 * 1024;

/** An empty value is a fault, not a default: `VISION_KEY=` in a settings file is more often a slip than a wish. */
const text = z.string().trim().min(1, 'is empty: give it a value or remove it');

const whole = (min: number, max: number) =>
  text
    .regex(/^-?\d+$/, { error: 'is not a whole number', abort: true })
    .transform(Number)
    .pipe(z.number().min(min, `is less than ${min}`).max(max, `is more than ${max}`));

const oneOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  text.pipe(z.enum(values, `is none of ${values.join(', ')}`));

const listOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  text
    .transform((list) => [...new Set(list.split(',').map((item) => item.trim()))])
    .pipe(z.array(z.enum(values, `has an entry that is none of ${values.join(', ')}`)).min(1));

const serviceUrl = text.refine(
  (value) => {
    if (!URL.canParse(value)) return false;
    const { protocol, hostname, username, search } = new URL(value);
    const secure = protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
    return secure && username === '' && search === '';
  },
  { error: 'is not an https address without user name and query', abort: true },
);

const connectionString = text.refine(
  (value) => value === 'UseDevelopmentStorage=true' || /(^|;)(BlobEndpoint|AccountName)=[^;]/i.test(value),
  'is not a storage connection string',
);

/** https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata */
const containerName = text.regex(
  /^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$/,
  'is not a container name (3 to 63 lower-case letters, digits and single hyphens)',
);

const DEFAULT_IMAGES = 'images';
const DEFAULT_STATE = 'prompt-state';

const namePrefix = text.refine(
  (value) => !value.startsWith('/') && !value.split('/').some((part) => part === '.' || part === '..'),
  'is not a prefix of blob names (no leading slash, no . or .. in it)',
);

/** SHA-256 hashes in hex, separated by commas: of API_KEYS, and of the secret that may stand for it. */
export const keyHashes = text
  .transform((list) => list.split(',').map((hash) => hash.trim().toLowerCase()))
  .pipe(
    z.array(
      z.string().regex(/^[0-9a-f]{64}$/, 'has an entry that is no SHA-256 in hex (npm run key makes one)'),
    ),
  );

const port = whole(0, 65_535);

/** A row per setting: how it is parsed, and the two texts README prints of it. */
const TABLE = {
  STORAGE: row(
    connectionString.optional(),
    'Azurite in local mode',
    'connection string of the storage account',
  ),
  STORAGE__blobServiceUri: row(
    serviceUrl.optional(),
    'none',
    "instead of a connection string: the account's blob address, used with an identity",
  ),
  STORAGE__credential: row(
    oneOf(['managedidentity']).optional(),
    'none',
    '`managedidentity`, as the Functions host wants it said',
  ),
  STORAGE__clientId: row(
    text.optional(),
    'none',
    'client id of a user-assigned identity, for storage, vision and key vault (or AZURE_CLIENT_ID)',
  ),
  IMAGES_CONTAINER: row(
    containerName.default(DEFAULT_IMAGES),
    '`images`',
    'container that images are dropped into',
  ),
  STATE_CONTAINER: row(
    containerName.default(DEFAULT_STATE),
    '`prompt-state`',
    "container of the program's own state, such as the count of the day's calls",
  ),
  IMAGES_PREFIX: row(namePrefix.default(''), 'all', 'only images whose names begin with this are described'),
  MAX_IMAGE_BYTES: row(
    whole(1, 20 * MIB).default(20 * MIB),
    '20971520 (20 MiB)',
    'bigger images are refused; the default is also the ceiling',
  ),
  MAX_IMAGE_PIXELS: row(
    whole(2_500, 268_402_689).default(50_000_000),
    '50000000 (50 MP)',
    'images with more pixels are refused',
  ),
  VISION_PROVIDER: row(
    oneOf(VISION_PROVIDERS).default('local'),
    '`local`',
    'who describes: `local` (pixels and metadata only), `azure-vision`, or `openai` (any chat model with image input)',
  ),
  VISION_ENDPOINT: row(
    serviceUrl.optional(),
    'none',
    'address of the vision resource; for `openai` the base URL, which mostly ends in `/v1`',
  ),
  VISION_KEY: row(
    text.optional(),
    'none',
    'its key; without one, Azure is asked with the identity of the host or of `az login`, other servers with none',
  ),
  VISION_MODEL: row(
    text.optional(),
    "the service's latest",
    'model version, pinned for answers that stay the same; for `openai` the model or deployment, always needed',
  ),
  VISION_FEATURES: row(
    listOf(VISION_FEATURES).default(['caption', 'denseCaptions', 'tags', 'read']),
    'caption, denseCaptions, tags, read',
    `what is asked of each image; each feature is billed (${VISION_FEATURES.join(', ')})`,
  ),
  VISION_LANGUAGE: row(
    text.regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'is not a language tag such as en or pt-BR').default('en'),
    '`en`',
    'language of the tags, and with `openai` of captions too; captions of `azure-vision` are English',
  ),
  VISION_TPS: row(
    text
      .regex(/^\d+(\.\d+)?$/, { error: 'is not a number above 0', abort: true })
      .transform(Number)
      .pipe(z.number().gt(0, 'is not above 0').max(1_000, 'is more than 1000'))
      .default(10),
    '10',
    'calls per second, of each instance; fractions are allowed (0.33 is 20 a minute)',
  ),
  VISION_DAILY_LIMIT: row(
    whole(1, 1_000_000_000).optional(),
    'none',
    'calls per UTC day, of all instances together; what is left over waits for the next day',
  ),
  VISION_MAX_SIDE: row(whole(256, 16_000).default(2048), '2048', 'longest side, in pixels, of what is sent'),
  PROMPT_TARGETS: row(
    listOf(TARGETS).default([...TARGETS]),
    'all',
    `which prompts are made: ${TARGETS.join(', ')}`,
  ),
  PROMPT_DEFAULT_TARGET: row(oneOf(TARGETS).default('plain'), '`plain`', 'the one in the field `prompt`'),
  PROMPT_PREFIX: row(text.optional(), 'none', 'put before every prompt'),
  PROMPT_SUFFIX: row(text.optional(), 'none', 'put after every prompt'),
  PROMPT_TRIGGER_WORD: row(text.optional(), 'none', 'word that calls up a fine-tuned model'),
  API_KEYS: row(
    keyHashes.default([]),
    'none',
    'SHA-256 hex hashes of the API keys, comma-separated; `npm run key` makes a pair',
  ),
  KEY_VAULT_URI: row(
    serviceUrl.optional(),
    'none',
    'address of a key vault, read with the identity: its secrets `vision-key` and `api-keys` stand for VISION_KEY and API_KEYS where these are not set',
  ),
  AUTH: row(
    oneOf(['keys', 'none']).default('keys'),
    '`keys`',
    '`none` opens the API to everyone who can reach it',
  ),
  HOST: row(text.default('127.0.0.1'), '127.0.0.1', 'address the server listens on'),
  PORT: row(port.default(8000), '8000', 'port the server listens on'),
  AZURITE_BLOB_PORT: row(port.default(10_000), '10000', 'local mode: port of the blob storage'),
  AZURITE_QUEUE_PORT: row(port.default(10_001), '10001', 'local mode: port of the queue storage'),
  AZURITE_TABLE_PORT: row(port.default(10_002), '10002', 'local mode: port of the table storage'),
  BLOB_TRIGGER_SOURCE: row(
    oneOf(['EventGrid', 'LogsAndContainerScan']).default('EventGrid'),
    'EventGrid',
    'Functions: `LogsAndContainerScan` for Core Tools on Azurite, which has no Event Grid',
  ),
  LOG_LEVEL: row(
    oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
    'info',
    'least severe level that is logged',
  ),
} as const;

const OWN_PREFIXES = ['VISION_', 'PROMPT_', 'IMAGE_', 'IMAGES_', 'FETCH_', 'WEBHOOK_', 'HOUSEKEEPING_'];

type Row<T extends z.ZodType = z.ZodType> = {
  readonly schema: T;
  readonly default: string;
  readonly meaning: string;
};
type Table = typeof TABLE;
type Settings = { [K in keyof Table]: z.infer<Table[K]['schema']> };

function row<T extends z.ZodType>(schema: T, fallback: string, meaning: string): Row<T> {
  return { schema, default: fallback, meaning };
}

/** How to reach the storage account. */
export type StorageSettings =
  | { readonly connectionString: string }
  | { readonly blobServiceUri: string; readonly clientId: string | undefined };

export type Config = Readonly<Settings> & {
  /** Null only where `parseConfig` was told that storage is optional. */
  readonly storage: StorageSettings | null;
  readonly vision: VisionSettings;
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
  for (const [key, { schema }] of Object.entries(TABLE)) {
    const parsed = schema.safeParse(env[key]);
    if (parsed.success) values[key] = parsed.data;
    else faults.push(...new Set(parsed.error.issues.map((issue) => `${key} ${issue.message}`)));
  }
  if (faults.length > 0) throw new ConfigError(faults);
  // Every key of the table was parsed by its own schema just above.
  const settings = values as Settings;
  return { ...settings, storage: storageOf(settings), vision: visionOf(settings) };
}

/** Keys that look like ours and are not: a mistyped setting must not be ignored in silence. */
function strangers(env: Readonly<Record<string, string | undefined>>): string[] {
  return Object.keys(env).flatMap((key) => {
    const prefix = OWN_PREFIXES.find((own) => key.startsWith(own));
    if (prefix === undefined || key in TABLE) return [];
    const known = Object.keys(TABLE).filter((own) => own.startsWith(prefix));
    return [`${key} is not a setting${known.length > 0 ? ` (known: ${known.join(', ')})` : ''}`];
  });
}

const NEEDED_FOR = new Map([
  ['azure-vision', ['VISION_ENDPOINT']],
  ['openai', ['VISION_ENDPOINT', 'VISION_MODEL']],
]);

function contradictions(env: Readonly<Record<string, string | undefined>>, needsStorage: boolean): string[] {
  const faults: string[] = [];
  if (needsStorage && env.STORAGE === undefined && env.STORAGE__blobServiceUri === undefined) {
    faults.push('STORAGE is missing (or STORAGE__blobServiceUri for an identity)');
  }
  if (env.STORAGE !== undefined && env.STORAGE__blobServiceUri !== undefined) {
    faults.push('STORAGE and STORAGE__blobServiceUri are both set: keep one');
  }
  const provider = env.VISION_PROVIDER?.trim() ?? '';
  for (const key of NEEDED_FOR.get(provider) ?? []) {
    if (env[key] === undefined) faults.push(`${key} is missing: VISION_PROVIDER=${provider} needs it`);
  }
  if (provider === 'openai' && URL.parse(env.VISION_ENDPOINT ?? '')?.pathname === '/') {
    faults.push('VISION_ENDPOINT has no path: VISION_PROVIDER=openai needs a base URL, such as https://…/v1');
  }
  const images = env.IMAGES_CONTAINER?.trim() ?? DEFAULT_IMAGES;
  if ((env.STATE_CONTAINER?.trim() ?? DEFAULT_STATE) === images) {
    faults.push('STATE_CONTAINER and IMAGES_CONTAINER are the same: state is no image');
  }
  return faults;
}

function storageOf(settings: Settings): StorageSettings | null {
  if (settings.STORAGE) return { connectionString: settings.STORAGE };
  if (!settings.STORAGE__blobServiceUri) return null;
  return { blobServiceUri: settings.STORAGE__blobServiceUri, clientId: settings.STORAGE__clientId };
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

/** The table of README, in Markdown. */
export function settingsTable(): string {
  const rows = Object.entries(TABLE).map(
    ([key, entry]) => `| \`${key}\` | ${entry.default} | ${entry.meaning} |`,
  );
  return ['| setting | default | meaning |', '|---|---|---|', ...rows].join('\n');
}
