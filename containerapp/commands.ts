import { setImmediate as turn } from 'node:timers/promises';
import { type Config, ConfigError, EXIT_CONFIG, parseConfig } from '../core/config.ts';
import { createLog, type Log, standardOutput } from '../core/log.ts';
import { startTelemetry } from '../core/telemetry/start.ts';
import { housekeep } from './housekeep.ts';
import { redrive } from './redrive.ts';
import { serve } from './serve.ts';
import { ListenError } from './server.ts';
import { stopping } from './stop.ts';
import { EXIT_USAGE, readFlags } from './usage.ts';
import { work } from './work.ts';

interface Command {
  /** Its arguments: each is there or is not. */
  readonly flags: readonly string[];
  readonly does: string;
  /** The exit code for other arguments, where it is not that of sysexits.h. */
  readonly exitUsage?: number;
  /** @returns the exit code */
  run(config: Config, log: Log, signal: AbortSignal, flags: ReadonlySet<string>): Promise<number>;
}

const COMMANDS: Readonly<Record<string, Command>> = {
  serve: {
    flags: [],
    does: 'the API; it is what runs without a command',
    async run(config, log, signal) {
      await serve(config, log, signal);
      return 0;
    },
  },
  work: { flags: ['watch'], does: 'describes the images that are queued', run: work },
  housekeep: {
    flags: ['schedule'],
    does: 'finds what was missed, once or on schedule',
    // What starts it as a job knows 0, 1 and 2.
    exitUsage: 2,
    run: housekeep,
  },
  redrive: {
    flags: ['apply', 'discard-malformed'],
    does: 'says what lies in the poison queue, or queues it again',
    run: redrive,
  },
};

const HELP = new Set(['--help', '-h']);

/** Whether nothing is left that could keep the process. */
let isOver = true;
process.exitCode = await main(process.argv.slice(2));
if (!isOver) process.exit();

async function main([name = 'serve', ...args]: readonly string[]): Promise<number> {
  if ([name, ...args].some((argument) => HELP.has(argument))) {
    console.log(usage());
    return 0;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  const flags = command === undefined ? null : readFlags(args, command.flags);
  if (command === undefined || flags === null) {
    console.error(`There is no command ${[name, ...args].join(' ')}.\n${usage()}`);
    return command?.exitUsage ?? EXIT_USAGE;
  }
  try {
    const config = parseConfig(process.env);
    const telemetry = await startTelemetry(process.env, createLog(config.LOG_LEVEL));
    const log = createLog(config.LOG_LEVEL, [standardOutput(), ...telemetry.sinks]);
    try {
      // A signal that came while all this was loaded is heard in the next turn; then nothing is begun.
      await turn();
      return stopping.aborted ? 0 : await command.run(config, log, stopping, flags);
    } finally {
      isOver = await telemetry.stop();
    }
  } catch (error) {
    if (!(error instanceof ConfigError) && !(error instanceof ListenError)) throw error;
    console.error(error.message);
    return error instanceof ConfigError ? EXIT_CONFIG : 1;
  }
}

function usage(): string {
  const lines = Object.entries(COMMANDS).map(([name, { flags, does }]) => {
    const command = [name, ...flags.map((flag) => `[--${flag}]`)].join(' ');
    return `  ${command.padEnd(44)}${does}`;
  });
  return ['Commands:', ...lines, 'Settings come from the environment: see the README.'].join('\n');
}
