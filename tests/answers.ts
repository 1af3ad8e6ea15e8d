import { z } from 'zod';
import { type PromptDocument, promptDocument } from '../core/prompt/document.ts';

/** What the API answers, parsed: an answer of another shape fails the test that reads it. */

const problem = z.looseObject({
  type: z.string(),
  code: z.string(),
  title: z.string(),
  status: z.number(),
  detail: z.string().optional(),
  instance: z.string(),
});

const list = z.strictObject({
  items: z.array(z.looseObject({ name: z.string(), status: z.string(), degraded: z.boolean() })),
  cursor: z.string().nullable(),
});

export async function readDocument(answer: Response): Promise<PromptDocument> {
  return promptDocument.parse(await answer.json());
}

export async function readProblem(answer: Response): Promise<z.infer<typeof problem>> {
  return problem.parse(await answer.json());
}

export async function readList(answer: Response): Promise<z.infer<typeof list>> {
  return list.parse(await answer.json());
}
