import { ConfigError, EXIT_CONFIG } from '../../core/config.ts';
import { PortTakenError } from '../server.ts';
import { stopping } from '../stop.ts';
import { DataTakenError } from './data-owner.ts';
import { runLocally } from './local.ts';

try {
  await runLocally(process.env, stopping, (line) => console.log(line));
} catch (error) {
  const isForUser = [ConfigError, PortTakenError, DataTakenError].some((kind) => error instanceof kind);
  if (!isForUser || !(error instanceof Error)) throw error;
  console.error(error.message);
  process.exitCode = error instanceof ConfigError ? EXIT_CONFIG : 1;
}
