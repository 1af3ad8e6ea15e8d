import { app, type TimerHandler } from '@azure/functions';
import type { Config } from '../core/config.ts';
import { type Household, housekeep } from '../core/housekeeping/housekeep.ts';
import type { Log } from '../core/log.ts';
import { durableClient, purgeHistories } from './batch/client.ts';
import { invoked } from './invocation.ts';

/** The host ends a function after five minutes (functionTimeout): the run shall have put its place down by then. */
const TIME_LIMIT_MS = 4 * 60_000;

const DAY_MS = 86_400_000;

interface HousekeptProgram {
  readonly config: Config;
  program(): Promise<Household & { readonly log: Log }>;
}

export function registerHousekeeping(program: HousekeptProgram): void {
  app.timer('housekeeping', {
    schedule: program.config.HOUSEKEEPING_SCHEDULE,
    // What the host remembers of batches goes with their records.
    extraInputs: [durableClient],
    handler: handleTimer(program),
  });
}

/**
 * Whether the timer is past due, or fires twice since the host lost its lock, makes no difference: a run does what there
 * is to do, and there is one at a time.
 */
export function handleTimer({ config, program }: HousekeptProgram): TimerHandler {
  return (_timer, context) =>
    invoked(context, async () => {
      const signal = AbortSignal.timeout(TIME_LIMIT_MS);
      const running = await program();
      const { batchesRemoved } = await housekeep(running, config, { log: running.log, signal });
      if (batchesRemoved === 0 || config.DRY_RUN) return;
      const before = new Date(running.settings.clock.now() - config.RETENTION_DAYS * DAY_MS);
      await purgeHistories(context, before).catch((err) => {
        running.log.warn({ err }, 'the histories of batches could not be removed');
      });
    });
}
