import { parse, stringify } from 'yaml';
import * as z from 'zod';

/** What `docker stack deploy` does not know, or would not do. */
const OF_COMPOSE_ONLY = new Set(['build', 'depends_on', 'platform', 'restart', 'security_opt']);

const compose = z.looseObject({
  services: z.record(
    z.string(),
    z.looseObject({
      deploy: z.record(z.string(), z.unknown()),
      ports: z.array(z.union([z.string(), z.looseObject({ host_ip: z.string() })])).optional(),
    }),
  ),
});
type Service = z.infer<typeof compose>['services'][string];

/**
 * compose.yaml as Swarm takes it: without what starts services in order, which health checks and restarts make up for;
 * without the emulator's ports, since Swarm would publish them on every address; and with a gateway on each node.
 * @param text of compose.yaml
 * @param settings that are filled in, as compose does with its .env; all others are for docker to take from the environment
 */
export function stackOf(text: string, settings: Readonly<Record<string, string | undefined>> = {}): string {
  const fill = (key: unknown, value: unknown) => filled(`${key}`, value, settings);
  const { name: _name, services, ...file } = compose.parse(parse(text, fill, { merge: true }));
  const stack = {
    ...Object.fromEntries(Object.entries(file).filter(([key]) => !key.startsWith('x-'))),
    services: Object.fromEntries(
      Object.entries(services).map(([name, service]) => [name, ofSwarm(name, service)]),
    ),
  };
  return stringify(stack, { aliasDuplicateObjects: false });
}

/** Docker fills in what is left, so that a dollar of a value is written twice. */
function filled(
  key: string,
  value: unknown,
  settings: Readonly<Record<string, string | undefined>>,
): unknown {
  const own = (name: string) => settings[name]?.replaceAll('$', '$$$$');
  // A variable that is passed on where it is set.
  if (value === null) return own(key) ?? value;
  if (typeof value !== 'string') return value;
  // An empty one has its default.
  return value.replace(/\$\$|\$\{(\w+)(?::-[^}]*)?\}/g, (all, name?: string) => (name && own(name)) || all);
}

function ofSwarm(name: string, { ports = [], ...service }: Service): object {
  const rest = Object.fromEntries(Object.entries(service).filter(([key]) => !OF_COMPOSE_ONLY.has(key)));
  if (name !== 'gateway') return rest;
  // Not by Swarm's mesh, which hides the addresses of clients, so that all would share one limit.
  const published = ports.filter((port) => typeof port === 'object');
  return {
    ...rest,
    ports: published.map(({ host_ip, ...port }) => ({ ...port, mode: 'host' })),
    deploy: { ...service.deploy, mode: 'global' },
  };
}
