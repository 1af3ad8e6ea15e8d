import type { TokenCredential } from '@azure/core-auth';
import type { Hono } from 'hono';
import { createApi } from './api/app.ts';
import type { ApiEnv } from './api/options.ts';
import { asAsked } from './batch/as-asked.ts';
import type { Batching, BatchRunner } from './batch/batching.ts';
import { batchSteps, queueRunner } from './batch/queue-runner.ts';
import { SYSTEM_CLOCK } from './clock.ts';
import type { Config, StorageSettings } from './config.ts';
import type { DescribeSettings } from './describe/describe-bytes.ts';
import { describeImage } from './describe/describe-image.ts';
import { lookAt } from './describe/look.ts';
import type { News } from './describe/news.ts';
import { fetchImage } from './fetch/fetch-image.ts';
import type { Network } from './fetch/network.ts';
import { ambientIdentity } from './identity.ts';
import type { Log } from './log.ts';
import { createNewsDesk } from './notify/create.ts';
import type { NewsDesk } from './notify/news-desk.ts';
import { qrRenderer } from './qr/render-qr.ts';
import { AzureQueue, connectQueues } from './queue/azure-queue.ts';
import type { MessageHandler } from './queue/handle-message.ts';
import { createSecrets, type Secrets } from './secrets.ts';
import { Analyses } from './store/analyses.ts';
import { AzureBlobs, connectStorage } from './store/azure-blobs.ts';
import type { Blobs } from './store/blobs.ts';
import { UploadSigner } from './store/upload-signer.ts';
import { EventTelemetry } from './telemetry/events.ts';
import { HousekeepingTelemetry } from './telemetry/housekeeping.ts';
import { ImageTelemetry } from './telemetry/images.ts';
import { VERSION } from './version.ts';
import { createVision } from './vision/create.ts';
import { guardVision } from './vision/guard/guard.ts';
import type { Vision } from './vision/vision.ts';

/** What the API must know of the host it runs in. */
export interface HostTraits {
  /** Whether only this machine can reach it. */
  readonly loopback: boolean;
  /** See BodyPolicy. */
  readonly drainBodies: boolean;
  /** See BodyPolicy. */
  readonly bodyDeadlineMs?: number;
  /** Proxies that always stand before it, where no setting says how many there are. */
  readonly ownProxies?: number;
  /** What batches are started by, where it is not the queue. */
  readonly batchRunner?: BatchRunner;
  /** Whether the host tells of each request by itself. */
  readonly tellsRequests?: boolean;
}

/** Where others can reach the program and no setting says anything. */
const RATE_LIMIT = { requests: 60, windowMs: 60_000 } as const;

/** What every host starts from: the parts of core, put together as the settings say. */
export interface Program {
  readonly blobs: AzureBlobs;
  /** The program's own state. */
  readonly state: AzureBlobs;
  readonly settings: DescribeSettings;
  /** The images to describe. */
  readonly events: AzureQueue;
  /** What could not be described, or is no event at all. */
  readonly poison: AzureQueue;
  /** What a consumer of the queue does with a message. */
  readonly handler: MessageHandler;
  /** The flat mirror of the prompts, as housekeeping keeps it; null where it is off. */
  readonly feed: {
    readonly blobs: AzureBlobs;
    mirror(image: string, signal: AbortSignal): Promise<boolean>;
  } | null;
  /** What is told to others beside the work; whoever ends the program closes it. */
  readonly news: NewsDesk;
  /** What batches are run with. */
  readonly batching: Batching;
  readonly housekeeping: HousekeepingTelemetry;
  api(host: HostTraits): Hono<ApiEnv>;
}

/** Ample for 20 MiB, and short enough for someone who waits. */
const FETCH_DEADLINE_MS = 15_000;

/** @param network another one for tests: how images are fetched by their address */
export async function createProgram(
  config: Config,
  storage: StorageSettings,
  log: Log,
  network?: Network,
): Promise<Program> {
  const service = await connectStorage(storage);
  const blobs = new AzureBlobs(service.getContainerClient(config.IMAGES_CONTAINER));
  const state = new AzureBlobs(service.getContainerClient(config.STATE_CONTAINER));
  const identity = ambientIdentity(config.STORAGE__clientId);
  const secrets = createSecrets(config, { identity });
  const feed =
    config.FEED_CONTAINER === undefined
      ? null
      : new AzureBlobs(service.getContainerClient(config.FEED_CONTAINER));
  const { WEBHOOK_URL: webhookUrl } = config;
  const { webhookSecret } = secrets;
  const news = createNewsDesk({ blobs, feed, webhookUrl, webhookSecret, clock: SYSTEM_CLOCK, log });
  const settings = {
    ...describeSettings(config, state, visionOf(config, state, { identity, secrets })),
    tellNews: (written: News) => news.tell(written),
  };
  const queues = connectQueues(storage);
  const events = new AzureQueue(queues.getQueueClient(config.IMAGE_EVENTS_QUEUE));
  const poison = new AzureQueue(queues.getQueueClient(`${config.IMAGE_EVENTS_QUEUE}-poison`));
  const uploads = new UploadSigner(service, blobs, SYSTEM_CLOCK.now);
  const renderQr = qrRenderer();
  const storageHost = new URL(service.url).hostname;
  const { clock } = settings;
  const batching: Batching = {
    blobs,
    state,
    settings,
    events,
    prefix: config.IMAGES_PREFIX,
    clock,
    log,
    tellBatch: (record) => news.tellBatch(record),
  };
  return {
    blobs,
    state,
    settings,
    events,
    poison,
    news,
    batching,
    feed: feed && news.feed && { blobs: feed, mirror: news.feed.mirror.bind(news.feed) },
    housekeeping: new HousekeepingTelemetry(),
    handler: {
      events,
      poison,
      container: blobs.container,
      prefix: config.IMAGES_PREFIX,
      clock,
      batches: batchSteps(batching),
      telemetry: new EventTelemetry(),
      describe: (event, attempt, signal) =>
        describeImage(event, blobs, settings, {
          attempt,
          signal,
          ...asAsked(event, settings),
        }),
    },
    api: ({ loopback, drainBodies, bodyDeadlineMs, ownProxies = 0, batchRunner, tellsRequests = false }) =>
      createApi({
        blobs,
        state,
        events,
        batches: { batching, runner: batchRunner ?? queueRunner(events) },
        uploads,
        renderQr,
        settings,
        prefix: config.IMAGES_PREFIX,
        auth: { mode: config.AUTH, keyHashes: secrets.apiKeyHashes, loopback },
        drainBodies,
        bodyDeadlineMs,
        requestSpans: !tellsRequests,
        trustedProxies: config.TRUSTED_PROXIES ?? ownProxies,
        corsOrigins: config.CORS_ORIGINS,
        // Who uses the program on one's own machine needs no protection from oneself.
        rateLimit: config.RATE_LIMIT === undefined ? (loopback ? null : RATE_LIMIT) : config.RATE_LIMIT,
        fetchImage: (url, { ownHost, signal }) =>
          fetchImage(
            url,
            {
              maxBytes: config.MAX_IMAGE_BYTES,
              deadlineMs: FETCH_DEADLINE_MS,
              allowedHosts: config.FETCH_ALLOWED_HOSTS,
              ownHosts: [ownHost, storageHost],
              signal,
            },
            network,
          ),
        log,
      }),
  };
}

interface Credentials {
  readonly identity: TokenCredential;
  readonly secrets: Secrets;
}

/** Azure's service takes one to three seconds. A model on one's own machine is loaded first, then takes half a minute. */
export const ATTEMPT_MS = { 'azure-vision': 30_000, openai: 120_000 } as const;

/** Every provider that is remote is guarded; the one that is not can neither fail nor cost anything. */
function visionOf(config: Config, state: Blobs, { identity, secrets }: Credentials): Vision {
  const { visionKey } = secrets;
  const vision = createVision(config.vision, { key: visionKey?.value, identity });
  if (vision.provider === 'local') return vision;
  const limit = config.VISION_DAILY_LIMIT;
  return guardVision(vision, {
    callsPerSecond: config.VISION_TPS,
    attemptMs: ATTEMPT_MS[vision.provider],
    refreshCredential: visionKey?.refresh,
    daily: limit === undefined ? undefined : { limit, blobs: state },
  });
}

function describeSettings(config: Config, state: Blobs, vision: Vision): DescribeSettings {
  return {
    vision,
    // What costs nothing need not be claimed or kept.
    analyses: vision.provider === 'local' ? null : new Analyses(state, SYSTEM_CLOCK),
    clock: SYSTEM_CLOCK,
    telemetry: new ImageTelemetry(),
    look: lookAt,
    isPaused: config.PAUSED,
    sidecars: config.PROMPT_SIDECARS.filter((kind) => kind !== 'jsonl'),
    limits: { maxBytes: config.MAX_IMAGE_BYTES, maxPixels: config.MAX_IMAGE_PIXELS },
    features: config.VISION_FEATURES,
    language: config.VISION_LANGUAGE,
    maxSide: config.VISION_MAX_SIDE,
    targets: config.PROMPT_TARGETS,
    defaultTarget: config.PROMPT_DEFAULT_TARGET,
    prefix: config.PROMPT_PREFIX,
    suffix: config.PROMPT_SUFFIX,
    triggerWord: config.PROMPT_TRIGGER_WORD,
    midjourneyVersion: config.PROMPT_MIDJOURNEY_VERSION,
    generator: `prompt-generator/${VERSION}`,
  };
}
