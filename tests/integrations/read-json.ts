import { readFile } from 'node:fs/promises';
import type * as z from 'zod';

export async function readJson<T>(path: string | URL, shape: z.ZodType<T>): Promise<T> {
  return shape.parse(JSON.parse(await readFile(path, 'utf8')));
}
