import { ConfigError, EXIT_CONFIG, parseConfig } from '../core/config.ts';
import { createLog } from '../core/log.ts';
import { serve } from './serve.ts';
import { PortTakenError } from './server.ts';
import { stopSignal } from './stop.ts';

/** `EX_USAGE` of sysexits.h. */
const EXIT_USAGE = 64;

const COMMANDS = { serve };

const name = process.argv[2] ?? 'serve';
const command = Object.entries(COMMANDS).find(([known]) => known === name)?.[1];
if (!command) {
  console.error(`There is no command ${name}. Commands: ${Object.keys(COMMANDS).join(', ')}.`);
  process.exit(EXIT_USAGE);
}

try {
  const config = parseConfig(process.env);
  await command(config, createLog(config.LOG_LEVEL), stopSignal());
} catch (error) {
  if (!(error instanceof ConfigError) && !(error instanceof PortTakenError)) throw error;
  console.error(error.message);
  process.exitCode = error instanceof ConfigError ? EXIT_CONFIG : 1;
}
