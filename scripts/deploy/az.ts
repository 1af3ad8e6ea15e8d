import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Some commands of Azure wait for a deployment; none of those used here does. */
const TIMEOUT_MS = 300_000;

/** The Azure CLI, signed in by whoever runs the script. */
export type Az = (args: readonly string[]) => Promise<string>;

/** @throws Error with what the CLI says */
export const az: Az = async (args) => {
  // On Windows the CLI is a batch file, which only a shell starts.
  const shell = process.platform === 'win32';
  const { stdout } = await promisify(execFile)('az', [...args], { timeout: TIMEOUT_MS, shell });
  return stdout.trim();
};
