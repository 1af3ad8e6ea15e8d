import type { Config } from '../core/config.ts';
import type { Log } from '../core/log.ts';
import { createProgram, type Program } from '../core/program.ts';
import { QueueWorker, type WorkReport } from '../core/queue/worker.ts';
import { begin } from '../core/store/first-start.ts';
import { settle, Told } from './told.ts';
import { isNear, watchInto } from './watch.ts';

/** Messages at once, as many as a batch of host.json has: more than decodes, since a provider is waited for. */
export const CONCURRENCY = 4;

/** Shorter than the 30 s that Container Apps waits before it kills: giving back takes its time too. */
export const GRACE_MS = 20_000;

const MAX_PAUSE_MS = 5_000;

/**
 * The command `work`: describes the images that are queued, until the signal aborts and what was begun is done or given
 * back. With `--watch` it also lists the container, where no Event Grid tells of what is dropped.
 */
export async function work(
  config: Config,
  log: Log,
  signal: AbortSignal,
  flags: ReadonlySet<string>,
): Promise<number> {
  const watches = flags.has('watch');
  if (config.storage === null) throw new Error('parseConfig requires a storage');
  const program = await createProgram(config, config.storage, log);
  if (watches && isNear(program.blobs) && !(await createPlaces(program, log))) return 1;
  await begin(program.state, log);
  const { handler, settings, events } = program;
  const { clock } = settings;
  const images = new Told();
  const worker = new QueueWorker({
    handler,
    clock,
    concurrency: CONCURRENCY,
    report(report) {
      settle(report, images);
      tell(report, log);
    },
    warn: (err) => log.warn({ err }, 'the queue fails'),
    maxPause: MAX_PAUSE_MS,
    grace: GRACE_MS,
  });
  const watching = watches
    ? watchInto(program, config, signal, {
        clock,
        images,
        wake: () => worker.wake(),
        isIdle: () => worker.isIdle,
        warn: (err) => log.warn({ err }, 'the container cannot be watched'),
        notice: (notice) => log.warn(notice, 'images that are not described'),
      })
    : null;
  log.info({ queue: events.name, provider: config.VISION_PROVIDER, watch: watches }, 'working');
  signal.addEventListener('abort', () => log.info({}, 'stopping'), { once: true });
  await Promise.all([worker.run(signal), watching]);
  await program.news.close();
  return 0;
}

/** No template makes the containers and queues of an emulator. Whoever starts us starts us again where it is not there yet. */
async function createPlaces({ blobs, state, events, poison, feed }: Program, log: Log): Promise<boolean> {
  try {
    await Promise.all([blobs, state, events, poison, feed?.blobs].map((place) => place?.create()));
    return true;
  } catch (err) {
    log.error({ err }, 'the storage does not answer');
    return false;
  }
}

/** A line per message; what is nothing to an operator, such as an event of our own outputs, has none. */
function tell({ id, handled, milliseconds }: WorkReport, log: Log): void {
  const ms = Math.round(milliseconds);
  switch (handled.status) {
    case 'ignored':
      // One of our own outputs, or an image outside the prefix.
      log.info({ name: handled.name, ms }, 'ignored');
      return;
    case 'malformed':
      log.warn({ message: id, reason: handled.reason, ms }, 'message set aside');
      return;
    case 'given-back':
      log.info({ ms }, 'given back');
      return;
    case 'step': {
      const { batch, next, error, comesBack } = handled;
      if (error) log.error({ batch, comesBack, ms, err: error }, 'step failed');
      else log.info({ batch, next, ms }, next === null ? 'batch ended' : 'step');
      return;
    }
    case 'handled': {
      const { event, outcome, comesBack } = handled;
      const fields = { name: event.name, outcome: outcome.status, ms };
      if (outcome.status === 'failed') log.error({ ...fields, comesBack, err: outcome.error }, 'failed');
      else if (outcome.status === 'refused') log.info({ ...fields, code: outcome.error.code }, 'refused');
      else if (outcome.status === 'deferred') {
        log.info({ ...fields, code: outcome.error.code, until: outcome.until.toISOString() }, 'deferred');
      } else log.info(fields, outcome.status);
    }
  }
}
