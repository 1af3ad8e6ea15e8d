import type { Config } from '../core/config.ts';
import type { Log } from '../core/log.ts';
import { createProgram } from '../core/program.ts';
import type { Malformation } from '../core/queue/message.ts';
import { preview, type Redriven, redrive as redriveAll } from '../core/queue/redrive.ts';
import { printable } from './printable.ts';

const REASONS: Readonly<Record<Malformation, string>> = {
  encoding: 'is neither JSON nor base64 of it',
  schema: 'is no event of an image',
  'other-container': 'is of an image in another container',
};

/**
 * The command `redrive`: says what lies in the poison queue; with `--apply` it queues the events of images again, and with
 * `--discard-malformed` it removes what is none.
 * @returns exit code: 1 where a queue failed; what was not moved then stays where it is
 */
export async function redrive(
  config: Config,
  log: Log,
  signal: AbortSignal,
  flags: ReadonlySet<string>,
): Promise<number> {
  if (config.storage === null) throw new Error('parseConfig requires a storage');
  const { events, poison, blobs } = await createProgram(config, config.storage, log);
  const places = { events, poison, container: blobs.container };
  const options = { ...places, discardMalformed: flags.has('discard-malformed') };
  try {
    if (flags.has('apply')) await apply(options, signal);
    else await show(options);
    return 0;
  } catch (err) {
    log.error({ err }, 'redrive failed');
    return 1;
  }
}

type Options = Omit<Parameters<typeof redriveAll>[0], 'tell' | 'signal'>;

async function apply(options: Options, signal: AbortSignal): Promise<void> {
  const { moved, left, discarded } = await redriveAll({
    ...options,
    signal,
    tell: (redriven) => console.log(line(redriven)),
  });
  const interrupted = signal.aborted ? ' Interrupted: the rest is where it was.' : '';
  console.log(
    `${moved} moved to ${options.events.name}, ${left} left, ${discarded} discarded.${interrupted}`,
  );
}

async function show(options: Options): Promise<void> {
  const { first, total } = await preview(options);
  for (const redriven of first) console.log(`would be ${line(redriven)}`);
  const shown = first.length < total ? `, of which the first ${first.length} are shown` : '';
  const hint = first.length > 0 ? ' Nothing was changed: --apply does it.' : '';
  console.log(`${total} in ${options.poison.name}${shown}.${hint}`);
}

function line(redriven: Redriven): string {
  if (redriven.kind === 'moved') return `moved: ${printable(redriven.name)}`;
  return `${redriven.kind}: a message that ${REASONS[redriven.reason]}`;
}
