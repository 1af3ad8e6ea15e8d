import { readFile } from 'node:fs/promises';
import { stackOf } from './swarm.ts';

/** Prints the stack that `docker stack deploy` reads. */
const compose = await readFile(new URL('../containerapp/compose.yaml', import.meta.url), 'utf8');
process.stdout.write(stackOf(compose));
