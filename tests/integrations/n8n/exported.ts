import { readFile } from 'node:fs/promises';
import * as z from 'zod';

/** A workflow as n8n exports and imports it. */
const connection = z.strictObject({
  node: z.string(),
  type: z.literal('main'),
  index: z.int().min(0),
});

const node = z.strictObject({
  id: z.uuid(),
  name: z.string().min(1),
  type: z.string().startsWith('n8n-nodes-base.'),
  typeVersion: z.number(),
  position: z.tuple([z.number(), z.number()]),
  parameters: z.record(z.string(), z.unknown()),
  credentials: z.record(z.string(), z.strictObject({ id: z.string(), name: z.string() })).optional(),
  webhookId: z.string().optional(),
  retryOnFail: z.boolean().optional(),
  maxTries: z.int().min(2).max(5).optional(),
  waitBetweenTries: z.int().min(0).max(5_000).optional(),
  onError: z.enum(['stopWorkflow', 'continueRegularOutput', 'continueErrorOutput']).optional(),
});

export const exported = z.strictObject({
  name: z.string().min(1),
  nodes: z.array(node),
  connections: z.record(z.string(), z.strictObject({ main: z.array(z.array(connection)) })),
  settings: z.strictObject({ executionOrder: z.literal('v1') }),
  pinData: z.strictObject({}),
  active: z.literal(false),
});

export type Workflow = z.infer<typeof exported>;
export type WorkflowNode = Workflow['nodes'][number];

export async function readWorkflow(): Promise<unknown> {
  const file = new URL('../../../integrations/n8n/prompt-generator.workflow.json', import.meta.url);
  return JSON.parse(await readFile(file, 'utf8'));
}
