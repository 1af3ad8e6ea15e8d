import { app, type InvocationContext, type TimerHandler } from '@azure/functions';
import type { Config } from '../core/config.ts';
import { type Household, housekeep } from '../core/housekeeping/housekeep.ts';
import type { Log } from '../core/log.ts';

/** The host ends a function after five minutes (functionTimeout): the run shall have put its place down by then. */
const TIME_LIMIT_MS = 4 * 60_000;

interface HousekeptProgram {
  readonly config: Config;
  program(): Promise<Household>;
}

export function registerHousekeeping(program: HousekeptProgram): void {
  app.timer('housekeeping', {
    schedule: program.config.HOUSEKEEPING_SCHEDULE,
    handler: handleTimer(program),
  });
}

/**
 * Whether the timer is past due, or fires twice since the host lost its lock, makes no difference: a run does what there
 * is to do, and there is one at a time.
 */
export function handleTimer({ config, program }: HousekeptProgram): TimerHandler {
  return async (_timer, context) => {
    const signal = AbortSignal.timeout(TIME_LIMIT_MS);
    await housekeep(await program(), config, { log: logOf(context), signal });
  };
}

function logOf(context: InvocationContext): Log {
  const line = (fields: object, message: string) => `${message} ${JSON.stringify(fields)}`;
  return {
    info: (fields, message) => context.info(line(fields, message)),
    warn: (fields, message) => context.warn(line(fields, message)),
    error: (fields, message) => context.error(line(fields, message)),
  };
}
