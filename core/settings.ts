import * as z from 'zod';
import { TARGETS } from './prompt/document.ts';
import { DEFAULT_MIDJOURNEY, MIDJOURNEY_VERSIONS } from './prompt/targets/midjourney-versions.ts';
import {
  connectionString,
  containerName,
  emulatorPort,
  hostNames,
  keyHashes,
  listOf,
  namePrefix,
  oneOf,
  origins,
  port,
  queueName,
  rateLimit,
  schedule,
  serviceUrl,
  text,
  webhookSecret,
  webhookUrl,
  whole,
} from './setting-kinds.ts';
import { VISION_FEATURES, VISION_PROVIDERS } from './vision/vision.ts';

const MIB = 1024 * 1024;

export const DEFAULT_IMAGES = 'images';
export const DEFAULT_STATE = 'prompt-state';

/** A row per setting: how it is parsed, and the two texts README prints of it. */
export const SETTINGS = {
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
  STORAGE__queueServiceUri: row(
    serviceUrl.optional(),
    "the blob address's own",
    "the account's queue address, used with an identity",
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
  FEED_CONTAINER: row(
    containerName.optional(),
    'off',
    'container that has a copy of each prompt, without folders: see docs/webhook.md',
  ),
  IMAGE_EVENTS_QUEUE: row(
    queueName.default('image-events'),
    '`image-events`',
    'storage queue of the images to describe; what cannot be described goes to the queue of this name and `-poison`',
  ),
  IMAGES_PREFIX: row(namePrefix.default(''), 'all', 'only images whose names begin with this are described'),
  BACKFILL: row(
    oneOf(['on', 'off']).optional(),
    '`on` with `local`, else `off`',
    '`off`: images that were there before this program first started are not described unasked',
  ),
  PAUSED: row(
    oneOf(['true', 'false'])
      .transform((value) => value === 'true')
      .default(false),
    'false',
    '`true`: nothing is described; every image waits, and is not lost',
  ),
  HOUSEKEEPING_SCHEDULE: row(
    schedule.default('0 0 * * * *'),
    '`0 0 * * * *`',
    'when missed images are looked for, in UTC: seconds, minutes, hours, day, month, weekday',
  ),
  RETENTION_DAYS: row(whole(1, 3_650).default(30), '30', 'days that analyses and finished batches are kept'),
  DRY_RUN: row(
    oneOf(['true', 'false'])
      .transform((value) => value === 'true')
      .default(false),
    'false',
    '`true`: housekeeping changes nothing, and lists in the log what it would',
  ),
  WEBHOOK_URL: row(
    webhookUrl.optional(),
    'none',
    'address that is sent an event for each prompt, error and finished batch: see docs/webhook.md',
  ),
  WEBHOOK_SECRET: row(
    webhookSecret.optional(),
    'none',
    'key that the events are signed with: `whsec_` and 24 to 64 random bytes in base64',
  ),
  MAX_IMAGE_BYTES: row(
    whole(1, 20 * MIB).default(20 * MIB),
    '20971520 (20 MiB)',
    'bigger images are refused; the default is also the ceiling',
  ),
  MAX_IMAGE_PIXELS: row(
    whole(2_500, 268_402_689).default(50_000_000),
    '50000000 (50 MP)',
    'images with more pixels are refused; above 50 MP decoding may take at least 6.4 bytes for each of these pixels, too',
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
    text.regex(/^[\x21-\x7e]*$/, 'has a character that no key has').optional(),
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
  PROMPT_SIDECARS: row(
    listOf(['txt', 'xmp', 'jsonl']).default([]),
    'none',
    'written for other programs: `txt` (`<stem>.txt`, for trainers), `xmp` (`<name>.xmp`, for photo programs), `jsonl` (a `metadata.jsonl` in each folder, by housekeeping)',
  ),
  PROMPT_TRIGGER_WORD: row(text.optional(), 'none', 'word that calls up a fine-tuned model'),
  PROMPT_MIDJOURNEY_VERSION: row(
    oneOf(MIDJOURNEY_VERSIONS).default(DEFAULT_MIDJOURNEY),
    `\`${DEFAULT_MIDJOURNEY}\``,
    `the version that Midjourney prompts are for: ${MIDJOURNEY_VERSIONS.join(', ')}`,
  ),
  API_KEYS: row(
    keyHashes.default([]),
    'none',
    'SHA-256 hex hashes of the API keys, comma-separated; `npm run key` makes a pair',
  ),
  FETCH_ALLOWED_HOSTS: row(
    hostNames.optional(),
    'any public host',
    'hosts that images may be fetched from, comma-separated; `*.example.com` is all below one',
  ),
  KEY_VAULT_URI: row(
    serviceUrl.optional(),
    'none',
    'address of a key vault, read with the identity: its secrets `vision-key`, `api-keys` and `webhook-secret` stand for VISION_KEY, API_KEYS and WEBHOOK_SECRET where these are not set',
  ),
  AUTH: row(
    oneOf(['keys', 'none']).default('keys'),
    '`keys`',
    '`none` opens the API to everyone who can reach it',
  ),
  HOST: row(text.default('127.0.0.1'), '127.0.0.1', 'address the server listens on'),
  PORT: row(port.default(8000), '8000', 'port the server listens on'),
  TRUSTED_PROXIES: row(
    whole(0, 10).optional(),
    '0; 1 on Functions',
    "proxies in front of the program, Azure's own included; with n, a client's address is the n-th from the right of X-Forwarded-For",
  ),
  CORS_ORIGINS: row(
    origins.default([]),
    'none',
    'origins of web pages that may call the API, comma-separated, such as `https://app.example.com`',
  ),
  RATE_LIMIT: row(
    rateLimit.optional(),
    '60/min; `off` on loopback',
    'requests per `s`, `min` or `h` of each API key, or of each address where there is none, and of each instance; `off` for no limit',
  ),
  AZURITE_BLOB_PORT: row(emulatorPort.default(10_000), '10000', 'local mode: port of the blob storage'),
  AZURITE_QUEUE_PORT: row(emulatorPort.default(10_001), '10001', 'local mode: port of the queue storage'),
  AZURITE_TABLE_PORT: row(emulatorPort.default(10_002), '10002', 'local mode: port of the table storage'),
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
  TELEMETRY: row(
    oneOf(['host', 'worker']).default('host'),
    'host',
    'Functions: who tells Application Insights of the work; `worker` for traces of each image and all metrics, see [operations](docs/operations.md#on-azure-functions)',
  ),
} as const;

type Row<T extends z.ZodType = z.ZodType> = {
  readonly schema: T;
  readonly default: string;
  readonly meaning: string;
};
type Table = typeof SETTINGS;
export type Settings = { [K in keyof Table]: z.infer<Table[K]['schema']> };

function row<T extends z.ZodType>(schema: T, fallback: string, meaning: string): Row<T> {
  return { schema, default: fallback, meaning };
}

/** The table of README, in Markdown. */
export function settingsTable(): string {
  const rows = Object.entries(SETTINGS).map(
    ([key, entry]) => `| \`${key}\` | ${entry.default} | ${entry.meaning} |`,
  );
  return ['| setting | default | meaning |', '|---|---|---|', ...rows].join('\n');
}
