import type { Hono } from 'hono';
import { type ApiEnv, createApi } from './api/app.ts';
import type { Config, StorageSettings } from './config.ts';
import type { DescribeSettings } from './describe/describe-bytes.ts';
import type { Log } from './log.ts';
import { AzureBlobs, connectStorage } from './store/azure-blobs.ts';
import { VERSION } from './version.ts';
import { createVision } from './vision/create.ts';

/** What every host starts from: the parts of core, put together as the settings say. */
export interface Program {
  readonly blobs: AzureBlobs;
  readonly settings: DescribeSettings;
  api(host: { readonly loopback: boolean; readonly drainBodies: boolean }): Hono<ApiEnv>;
}

export async function createProgram(config: Config, storage: StorageSettings, log: Log): Promise<Program> {
  const service = await connectStorage(storage);
  const blobs = new AzureBlobs(service.getContainerClient(config.IMAGES_CONTAINER));
  const settings = describeSettings(config);
  return {
    blobs,
    settings,
    api: ({ loopback, drainBodies }) =>
      createApi({
        blobs,
        settings,
        prefix: config.IMAGES_PREFIX,
        auth: { mode: config.AUTH, keyHashes: config.API_KEYS, loopback },
        drainBodies,
        log,
      }),
  };
}

function describeSettings(config: Config): DescribeSettings {
  return {
    vision: createVision(config.vision),
    limits: { maxBytes: config.MAX_IMAGE_BYTES, maxPixels: config.MAX_IMAGE_PIXELS },
    features: config.VISION_FEATURES,
    language: config.VISION_LANGUAGE,
    maxSide: config.VISION_MAX_SIDE,
    targets: config.PROMPT_TARGETS,
    defaultTarget: config.PROMPT_DEFAULT_TARGET,
    prefix: config.PROMPT_PREFIX,
    suffix: config.PROMPT_SUFFIX,
    triggerWord: config.PROMPT_TRIGGER_WORD,
    generator: `prompt-generator/${VERSION}`,
    now: () => new Date(),
  };
}
