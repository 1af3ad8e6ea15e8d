import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MakingSettings } from '../batch/wanted.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Log } from '../log.ts';
import type { CaptionSettings } from '../prompt/sidecars.ts';
import type { Queue } from '../queue/queue.ts';
import type { Blobs } from '../store/blobs.ts';
import type { HousekeepingTelemetry } from '../telemetry/housekeeping.ts';
import type { Feed } from './cleanup/keep-feed.ts';
import { TEMP_FOLDER } from './cleanup/temp-folder.ts';
import { type AuditSummary, Closing } from './closing.ts';
import { type Change, Plan, planned, plannedFeed, plannedQueue } from './dry-run.ts';
import { type FolderReport, writeFolderMetadata } from './folders/folder-metadata.ts';
import { LEASE_FOLDER } from './lease.ts';
import type { RunReport } from './report.ts';
import { sweep } from './sweep/sweep.ts';
import { tell, tellFolders } from './tell.ts';

/** What is kept, as the program has it. */
export interface Household {
  readonly blobs: Blobs;
  readonly state: Blobs;
  readonly events: Queue;
  readonly poison: Queue;
  /** Null where prompts are mirrored nowhere. */
  readonly feed?: Feed | null;
  readonly housekeeping: HousekeepingTelemetry;
  readonly settings: MakingSettings & {
    readonly isPaused: boolean;
    readonly clock: Clock;
    readonly generator: string;
  };
}

export type HouseholdConfig = Pick<
  Config,
  'IMAGES_PREFIX' | 'backfill' | 'RETENTION_DAYS' | 'DRY_RUN' | `PROMPT_${CaptionSetting}`
>;

type CaptionSetting =
  | 'SIDECARS'
  | 'DEFAULT_TARGET'
  | 'PREFIX'
  | 'SUFFIX'
  | 'TRIGGER_WORD'
  | 'MIDJOURNEY_VERSION';

/** How far a run has got. */
export interface Progress {
  readonly step: 'sweep' | 'cleanup' | 'audit';
  /** Looked at in this step so far. */
  readonly blobs: number;
}

export interface HousekeepOptions {
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly progress?: (progress: Progress) => void;
  /** Where this machine keeps what is temporary, of all its programs. */
  readonly tempFolder?: string;
}

export type HousekeepingReport = RunReport &
  Partial<FolderReport> & {
    /** Null where the run was busy, or was stopped before the audit had anything to look at. */
    readonly audit: AuditSummary | null;
    /** With DRY_RUN: what would have been changed, a thousand of it at most, and how much that is in all. */
    readonly changes?: readonly Change[];
    readonly changesCount?: number;
  };

/**
 * One run of housekeeping, told in the log: the sweep, then the cleanup, then the audit, under one lease. With DRY_RUN
 * nothing is changed: the log and the report list what would be.
 * @throws FailedError when storage fails
 */
export async function housekeep(
  household: Household,
  config: HouseholdConfig,
  options: HousekeepOptions,
): Promise<HousekeepingReport> {
  const { housekeeping } = household;
  try {
    await tellWaiting(household, options);
    const report = await (config.DRY_RUN ? rehearse : run)(household, config, options);
    const { audit } = report;
    housekeeping.ended(report.status, audit === null ? 'none' : audit.complete ? 'whole' : 'part');
    return report;
  } catch (error) {
    housekeeping.ended('failed', 'none');
    throw error;
  }
}

/** At the start of every run: whether something lies there must be known even where no run comes to its end. */
async function tellWaiting(
  { events, poison, housekeeping }: Household,
  { log, signal }: HousekeepOptions,
): Promise<void> {
  try {
    const [queue, poisoned] = await Promise.all([events.length(signal), poison.length(signal)]);
    housekeeping.waiting({ queue, poison: poisoned });
  } catch (err) {
    if (!signal.aborted) log.warn({ err }, 'the lengths of the queues are not known');
  }
}

async function rehearse(
  household: Household,
  config: HouseholdConfig,
  options: HousekeepOptions,
): Promise<HousekeepingReport> {
  const { blobs, state, events, settings } = household;
  const plan = new Plan();
  const { clock } = settings;
  const report = await run(
    {
      ...household,
      blobs: planned(blobs, { plan, clock }),
      state: planned(state, { plan, clock, notes: [LEASE_FOLDER] }),
      events: plannedQueue(events, blobs.container, plan),
      feed: household.feed ? plannedFeed(household.feed, { plan, clock }) : null,
    },
    config,
    { ...options, plan },
  );
  for (const change of plan.changes) options.log.info(change, 'would be done');
  options.log.info({ changes: plan.count }, 'nothing was changed, since DRY_RUN is on');
  return { ...report, changes: plan.changes, changesCount: plan.count };
}

async function run(
  household: Household,
  config: HouseholdConfig,
  options: HousekeepOptions & { readonly plan?: Plan },
): Promise<HousekeepingReport> {
  const { blobs, state, events, settings } = household;
  const { log, signal, tempFolder: shared = tmpdir() } = options;
  const { isPaused, clock } = settings;
  const { IMAGES_PREFIX: prefix, RETENTION_DAYS: retentionDays, backfill } = config;
  const tempFolder = join(shared, TEMP_FOLDER);
  const closing = new Closing(household, config, { ...options, tempFolder });
  const swept = await sweep(
    { blobs, state, events, prefix, backfill, isPaused, retentionDays, clock, signal },
    closing,
  );
  const report = { ...swept, audit: closing.summary };
  tell(report, log);
  if (!config.PROMPT_SIDECARS.includes('jsonl') || report.status === 'busy') return report;
  const captions = captionSettings(config);
  const folders = await writeFolderMetadata({ blobs, prefix, captions, clock, signal });
  tellFolders(folders, log);
  return { ...report, ...folders };
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
