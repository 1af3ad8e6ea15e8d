import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import * as z from 'zod';

const COMPOSE = new URL('../../containerapp/compose.yaml', import.meta.url);

/** Compose fills variables in after it has parsed, so a number that comes of one is a text. */
const value = z.union([z.string(), z.number().transform(String)]);

const service = z.looseObject({
  image: z.string(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), value.nullable()).optional(),
  ports: z
    .array(
      z.union([z.string(), z.object({ host_ip: z.string(), published: z.string(), target: z.number() })]),
    )
    .optional(),
  networks: z.array(z.string()),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).optional(),
  healthcheck: z
    .object({ test: z.array(z.string()).optional(), disable: z.boolean().optional() })
    .loose()
    .optional(),
  read_only: z.boolean(),
  cap_drop: z.array(z.string()),
  security_opt: z.array(z.string()),
  restart: z.string(),
  stop_grace_period: z.string(),
  volumes: z.array(
    z.union([
      z.string(),
      z.looseObject({ type: z.string(), target: z.string(), tmpfs: z.object({ size: z.number() }) }),
    ]),
  ),
  deploy: z.looseObject({
    resources: z.object({
      limits: z.looseObject({ memory: z.string(), pids: z.number() }),
    }),
  }),
});
export type Service = z.infer<typeof service>;

const file = z.looseObject({
  services: z.record(z.string(), service),
  networks: z.record(z.string(), z.unknown()),
});

/** compose.yaml as compose reads it, with these variables. */
export async function readCompose(variables: Readonly<Record<string, string>> = {}): Promise<{
  readonly text: string;
  readonly raw: unknown;
  readonly services: Readonly<Record<string, Service>>;
}> {
  const text = await readFile(COMPOSE, 'utf8');
  const raw: unknown = parse(text, { merge: true });
  const filled = parse(fill(text, variables), { merge: true });
  return { text, raw, services: file.parse(filled).services };
}

/** The variables of compose that this file uses: with a default, and a dollar that is meant. */
function fill(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replace(
    /\$(?:(\$)|\{(\w+)(?::-([^}]*))?\})/g,
    (_all, dollar?: string, name = '', fallback = '') =>
      dollar === undefined ? (variables[name] ?? fallback) : '$',
  );
}

/** What a service is started with: those without a value only where they are set. */
export function environmentOf(
  { environment = {} }: Service,
  variables: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const set = Object.entries(environment).map(([key, value]) => [key, value ?? variables[key]] as const);
  return Object.fromEntries(set.filter((pair): pair is [string, string] => pair[1] !== undefined));
}
