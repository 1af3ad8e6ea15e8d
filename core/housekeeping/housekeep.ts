import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Log } from '../log.ts';
import type { CaptionSettings } from '../prompt/sidecars.ts';
import type { Queue } from '../queue/queue.ts';
import type { Blobs } from '../store/blobs.ts';
import { type FolderReport, writeFolderMetadata } from './folder-metadata.ts';
import type { SweepReport } from './report.ts';
import { sweep } from './sweep.ts';

/** What is kept, as the program has it. */
export interface Household {
  readonly blobs: Blobs;
  readonly state: Blobs;
  readonly events: Queue;
  readonly settings: { readonly isPaused: boolean; readonly clock: Clock };
}

export type HouseholdConfig = Pick<Config, 'IMAGES_PREFIX' | 'backfill' | `PROMPT_${CaptionSetting}`>;

type CaptionSetting =
  | 'SIDECARS'
  | 'DEFAULT_TARGET'
  | 'PREFIX'
  | 'SUFFIX'
  | 'TRIGGER_WORD'
  | 'MIDJOURNEY_VERSION';

/** One run of housekeeping, told in the log. @throws FailedError when storage fails */
export async function housekeep(
  household: Household,
  config: HouseholdConfig,
  { log, signal }: { readonly log: Log; readonly signal: AbortSignal },
): Promise<SweepReport & Partial<FolderReport>> {
  const { blobs, state, events, settings } = household;
  const { isPaused, clock } = settings;
  const { IMAGES_PREFIX: prefix, backfill } = config;
  const options = { blobs, state, events, prefix, backfill, isPaused, clock, signal };
  const { unusable, kept, ...report } = await sweep(options);
  if (report.unusableNames > 0) {
    log.warn({ count: report.unusableNames, some: unusable }, 'images whose names cannot be used');
  }
  if (report.notRemoved > 0) {
    log.warn({ count: report.notRemoved, some: kept }, 'blobs that cannot be removed');
  }
  if (report.skippedRanges > 0) {
    log.warn(
      { count: report.skippedRanges },
      'storage does not list all names: rename blobs with control characters',
    );
  }
  log.info(report, SAID[report.status]);
  if (!config.PROMPT_SIDECARS.includes('jsonl') || report.status === 'busy')
    return { ...report, unusable, kept };
  const captions = captionSettings(config);
  const folders = await writeFolderMetadata({ blobs, prefix, captions, clock, signal });
  log.info(folders, 'the metadata.jsonl of the folders is kept');
  return { ...report, unusable, kept, ...folders };
}

function captionSettings(config: HouseholdConfig): CaptionSettings {
  return {
    defaultTarget: config.PROMPT_DEFAULT_TARGET,
    prefix: config.PROMPT_PREFIX,
    suffix: config.PROMPT_SUFFIX,
    triggerWord: config.PROMPT_TRIGGER_WORD,
    midjourneyVersion: config.PROMPT_MIDJOURNEY_VERSION,
  };
}

const SAID = {
  done: 'housekeeping is done',
  stopped: 'housekeeping stopped, and goes on from there the next time',
  busy: 'housekeeping is being done already',
} as const;
