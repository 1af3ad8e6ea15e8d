import { parse, stringify } from 'yaml';
import * as z from 'zod';

/** What `docker stack deploy` does not know, or would not do. */
const OF_COMPOSE_ONLY = new Set(['build', 'depends_on', 'platform', 'restart']);

const compose = z.looseObject({
  services: z.record(z.string(), z.record(z.string(), z.unknown())),
});

/**
 * compose.yaml as Swarm takes it: without what starts services in order, which health checks and restarts make up for, and
 * without the emulator's ports, since Swarm would publish them on every address. Settings are still to be filled in.
 * @param text of compose.yaml
 */
export function stackOf(text: string): string {
  const { name: _name, services, ...file } = compose.parse(parse(text, { merge: true }));
  const stack = {
    ...Object.fromEntries(Object.entries(file).filter(([key]) => !key.startsWith('x-'))),
    services: Object.fromEntries(
      Object.entries(services).map(([name, service]) => [name, ofSwarm(name, service)]),
    ),
  };
  return stringify(stack, { aliasDuplicateObjects: false });
}

function ofSwarm(name: string, service: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(
    Object.entries(service).filter(
      ([key]) => !OF_COMPOSE_ONLY.has(key) && !(name === 'azurite' && key === 'ports'),
    ),
  );
}
