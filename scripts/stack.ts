import { readFile } from 'node:fs/promises';
import { parseEnv } from 'node:util';
import { stackOf } from './swarm.ts';

/** Prints the stack that `docker stack deploy` reads, with the settings of .env, which docker does not read then. */
const folder = new URL('../containerapp/', import.meta.url);
const compose = await readFile(new URL('compose.yaml', folder), 'utf8');
const settings = parseEnv(await readFile(new URL('.env', folder), 'utf8').catch(emptyWhereAbsent));
// As with compose, the environment goes first.
const unset = Object.entries(settings).filter(([name]) => process.env[name] === undefined);
process.stdout.write(stackOf(compose, Object.fromEntries(unset)));

function emptyWhereAbsent(error: NodeJS.ErrnoException): string {
  if (error.code !== 'ENOENT') throw error;
  return '';
}
