import type { Clock } from '../core/clock.ts';
import type { Config } from '../core/config.ts';
import {
  type Household,
  type HouseholdConfig,
  housekeep as keepHouse,
} from '../core/housekeeping/housekeep.ts';
import type { Log } from '../core/log.ts';
import { createProgram } from '../core/program.ts';
import { nextRun } from '../core/schedule.ts';
import { begin } from '../core/store/first-start.ts';
import { ProgressLine } from './progress-line.ts';

/** Timers count at most 24 days, and do not see that the wall clock is set or that the machine slept. */
const LONGEST_SLEEP_MS = 60_000;

/**
 * The command `housekeep`: one run; with `--schedule` a run whenever HOUSEKEEPING_SCHEDULE says, until the signal aborts.
 * @returns exit code: 0 also where the run was stopped or another one is at it; 1 where it failed
 */
export async function housekeep(
  config: Config,
  log: Log,
  signal: AbortSignal,
  flags: ReadonlySet<string>,
): Promise<number> {
  if (config.storage === null) throw new Error('parseConfig requires a storage');
  const program = await createProgram(config, config.storage, log);
  // A rehearsal changes nothing.
  if (!config.DRY_RUN) await begin(program.state, log);
  if (flags.has('schedule')) {
    await runOnSchedule(program, config, { log, signal });
    return 0;
  }
  const line = new ProgressLine(process.stderr);
  try {
    await keepHouse(program, config, { log, signal, progress: (progress) => line.show(progress) });
    return 0;
  } catch (err) {
    log.error({ err }, 'housekeeping failed');
    return 1;
  } finally {
    line.clear();
  }
}

/**
 * Housekeeping whenever the schedule says, one run at a time, until the signal aborts. A run that fails is told in the log,
 * and the next one comes all the same; those that were missed, since one took so long or the machine slept, come once.
 */
export async function runOnSchedule(
  program: Household,
  config: HouseholdConfig & { readonly HOUSEKEEPING_SCHEDULE: string },
  { log, signal }: { readonly log: Log; readonly signal: AbortSignal },
): Promise<void> {
  const { clock } = program.settings;
  for (;;) {
    const next = nextRun(config.HOUSEKEEPING_SCHEDULE, new Date(clock.now()));
    await sleepUntil(next, clock, signal);
    if (signal.aborted) return;
    try {
      await keepHouse(program, config, { log, signal });
    } catch (err) {
      log.error({ err }, 'housekeeping failed');
    }
  }
}

async function sleepUntil(date: Date, clock: Clock, signal: AbortSignal): Promise<void> {
  for (;;) {
    const left = date.getTime() - clock.now();
    if (left <= 0 || signal.aborted) return;
    // It rejects only when the signal aborts.
    await clock.sleep(Math.min(left, LONGEST_SLEEP_MS), signal).catch(() => {});
  }
}
