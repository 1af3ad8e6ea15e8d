import '../last-words.ts';
import { ConfigError, EXIT_CONFIG } from '../../core/config.ts';
import { ListenError } from '../server.ts';
import { stopping } from '../stop.ts';
import { EXIT_USAGE } from '../usage.ts';
import { DataTakenError } from './data-owner.ts';
import { runLocally, StorageLostError } from './local.ts';

const USAGE =
  'It takes no arguments. Settings are environment variables, such as PORT=9000 npm start: see the README.';

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    console.log(`npm start: gives every image that is dropped into a storage of its own a prompt.\n${USAGE}`);
    return 0;
  }
  if (args.length > 0) {
    console.error(USAGE);
    return EXIT_USAGE;
  }
  try {
    await runLocally(process.env, stopping, (line) => console.log(line));
    return 0;
  } catch (error) {
    const kinds = [ConfigError, ListenError, DataTakenError, StorageLostError];
    if (!(error instanceof Error) || !kinds.some((kind) => error instanceof kind)) throw error;
    console.error(error.message);
    return error instanceof ConfigError ? EXIT_CONFIG : 1;
  }
}
