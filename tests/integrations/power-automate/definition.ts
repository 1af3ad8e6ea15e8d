import * as z from 'zod';
import { readJson } from '../read-json.ts';

/** The definition of a flow, strictly: as far as ours use it. */

const STATUSES = ['Succeeded', 'Failed', 'Skipped', 'TimedOut'] as const;
const runAfter = z.record(z.string(), z.array(z.enum(STATUSES)).min(1));
const host = z.strictObject({
  connection: z.strictObject({
    name: z
      .string()
      .regex(/^@parameters\('\$connections'\)\['(?:azureblob|teams|office365)'\]\['connectionId'\]$/),
  }),
});
const request = z.strictObject({
  host,
  method: z.enum(['get', 'post']),
  path: z.string().startsWith('/'),
  queries: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  body: z.record(z.string(), z.unknown()).optional(),
});

const simple = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ApiConnection'), inputs: request, runAfter }),
  z.strictObject({ type: z.literal('Compose'), inputs: z.unknown(), runAfter }),
  z.strictObject({
    type: z.literal('ParseJson'),
    inputs: z.strictObject({ content: z.string(), schema: z.looseObject({}) }),
    runAfter,
  }),
  z.strictObject({
    type: z.literal('Terminate'),
    inputs: z.strictObject({ runStatus: z.enum(['Succeeded', 'Cancelled', 'Failed']) }),
    runAfter,
  }),
]);
const branch = z.strictObject({ actions: z.record(z.string(), simple) });
const choice = z.strictObject({
  type: z.literal('Switch'),
  expression: z.string().startsWith('@'),
  cases: z.record(z.string(), branch.extend({ case: z.string() })),
  default: branch,
  runAfter,
});
const trigger = z.discriminatedUnion('type', [
  z.strictObject({
    ...{ type: z.literal('ApiConnection'), inputs: request, splitOn: z.literal('@triggerBody()') },
    recurrence: z.strictObject({ frequency: z.literal('Minute'), interval: z.int().min(1) }),
    conditions: z.array(z.strictObject({ expression: z.string() })),
    metadata: z.record(z.string(), z.string()),
  }),
  z.strictObject({
    ...{ type: z.literal('Request'), kind: z.literal('Http') },
    inputs: z.strictObject({ schema: z.looseObject({ properties: z.record(z.string(), z.unknown()) }) }),
    operationOptions: z.literal('EnableSchemaValidation'),
  }),
]);

const flow = z.strictObject({
  definition: z.strictObject({
    $schema: z.literal(
      'https://schema.management.azure.com/providers/Microsoft.Logic/schemas/2016-06-01/workflowdefinition.json#',
    ),
    contentVersion: z.literal('1.0.0.0'),
    parameters: z.record(
      z.string(),
      z.looseObject({ type: z.enum(['String', 'Object']), defaultValue: z.unknown() }),
    ),
    triggers: z.record(z.string(), trigger),
    actions: z.record(z.string(), z.union([simple, choice])),
    outputs: z.strictObject({}),
  }),
  parameters: z.strictObject({
    $connections: z.strictObject({ type: z.literal('Object'), value: z.strictObject({}) }),
  }),
});

export type Flow = z.infer<typeof flow>;
export type Actions = Flow['definition']['actions'];

export const FLOWS = ['prompt-appears', 'webhook-arrives'] as const;

export function readFlow(name: (typeof FLOWS)[number]): Promise<Flow> {
  return readJson(new URL(`../../../integrations/power-automate/${name}.json`, import.meta.url), flow);
}
