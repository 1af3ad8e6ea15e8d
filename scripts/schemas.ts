import { writeFile } from 'node:fs/promises';
import { catalogSchema } from '../core/housekeeping/audit/catalog.ts';
import { webhookSchema } from '../core/notify/event.ts';
import { promptSchema } from '../core/prompt/json-schema.ts';
import { flowSchema } from './flow-schema.ts';

const SCHEMAS = {
  'prompt.v1.json': promptSchema(),
  'catalog.v1.json': catalogSchema(),
  'webhook.v1.json': webhookSchema(),
  'prompt.flow.json': flowSchema(promptSchema()),
  'webhook.flow.json': flowSchema(webhookSchema()),
};

for (const [name, schema] of Object.entries(SCHEMAS)) {
  const file = new URL(`../schemas/${name}`, import.meta.url);
  await writeFile(file, `${JSON.stringify(schema, null, 2)}\n`);
}
