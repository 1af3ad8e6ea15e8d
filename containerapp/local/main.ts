import { ConfigError, EXIT_CONFIG } from '../../core/config.ts';
import { PortTakenError } from '../server.ts';
import { stopSignal } from '../stop.ts';
import { runLocally } from './local.ts';

try {
  await runLocally(process.env, stopSignal(), (line) => console.log(line));
} catch (error) {
  if (!(error instanceof ConfigError) && !(error instanceof PortTakenError)) throw error;
  console.error(error.message);
  process.exitCode = error instanceof ConfigError ? EXIT_CONFIG : 1;
}
