import { writeFile } from 'node:fs/promises';
import { promptSchema } from '../core/prompt/json-schema.ts';

const file = new URL('../schemas/prompt.v1.json', import.meta.url);
await writeFile(file, `${JSON.stringify(promptSchema(), null, 2)}\n`);
