import type { TokenCredential } from '@azure/core-auth';
import type { Hono } from 'hono';
import { createApi } from './api/app.ts';
import type { ApiEnv } from './api/options.ts';
import { SYSTEM_CLOCK } from './clock.ts';
import type { Config, StorageSettings } from './config.ts';
import type { DescribeSettings } from './describe/describe-bytes.ts';
import { describeImage } from './describe/describe-image.ts';
import { lookAt } from './describe/look.ts';
import { ambientIdentity } from './identity.ts';
import type { Log } from './log.ts';
import { AzureQueue, connectQueues } from './queue/azure-queue.ts';
import type { MessageHandler } from './queue/handle-message.ts';
import { createSecrets, type Secrets } from './secrets.ts';
import { Analyses } from './store/analyses.ts';
import { AzureBlobs, connectStorage } from './store/azure-blobs.ts';
import type { Blobs } from './store/blobs.ts';
import { EventTelemetry } from './telemetry.ts';
import { VERSION } from './version.ts';
import { createVision } from './vision/create.ts';
import { guardVision } from './vision/guard/guard.ts';
import type { Vision } from './vision/vision.ts';

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
  api(host: { readonly loopback: boolean; readonly drainBodies: boolean }): Hono<ApiEnv>;
}

export async function createProgram(config: Config, storage: StorageSettings, log: Log): Promise<Program> {
  const service = await connectStorage(storage);
  const blobs = new AzureBlobs(service.getContainerClient(config.IMAGES_CONTAINER));
  const state = new AzureBlobs(service.getContainerClient(config.STATE_CONTAINER));
  const identity = ambientIdentity(config.STORAGE__clientId);
  const secrets = createSecrets(config, { identity });
  const settings = describeSettings(config, state, visionOf(config, state, { identity, secrets }));
  const queues = connectQueues(storage);
  const events = new AzureQueue(queues.getQueueClient(config.IMAGE_EVENTS_QUEUE));
  const poison = new AzureQueue(queues.getQueueClient(`${config.IMAGE_EVENTS_QUEUE}-poison`));
  return {
    ...{ blobs, state, settings, events, poison },
    handler: {
      ...{ events, poison, container: blobs.container, prefix: config.IMAGES_PREFIX },
      clock: settings.clock,
      telemetry: new EventTelemetry(),
      describe: (event, attempt, signal) =>
        describeImage(event, blobs, settings, {
          ...{ attempt, signal },
          ...{ force: event.force, language: event.language },
        }),
    },
    api: ({ loopback, drainBodies }) =>
      createApi({
        blobs,
        state,
        events,
        settings,
        prefix: config.IMAGES_PREFIX,
        auth: { mode: config.AUTH, keyHashes: secrets.apiKeyHashes, loopback },
        drainBodies,
        log,
      }),
  };
}

interface Credentials {
  readonly identity: TokenCredential;
  readonly secrets: Secrets;
}

/** Azure's service takes one to three seconds. A model on one's own machine is loaded first, then takes half a minute. */
const ATTEMPT_MS = { 'azure-vision': 30_000, openai: 120_000 } as const;

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
