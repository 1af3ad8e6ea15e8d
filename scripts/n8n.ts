import { writeFile } from 'node:fs/promises';
import { workflow } from '../integrations/n8n/workflow.ts';

/** Writes the workflow that n8n imports, from its parts. */
const file = new URL('../integrations/n8n/prompt-generator.workflow.json', import.meta.url);
await writeFile(file, `${JSON.stringify(await workflow(), null, 2)}\n`);
