import * as z from 'zod';
import { problem } from '../openapi/problems.ts';
import type { Answer, Operation } from '../operation.ts';
import { imageName, namePrefix, wholeNumber } from '../request.ts';
import { storedPrompt } from './describe-operation.ts';

const STATUSES = ['done', 'failed', 'edited', 'degraded', 'pending'] as const;
export type StatusFilter = (typeof STATUSES)[number];

export const listQuery = {
  prefix: namePrefix.default('').describe('Only images whose names begin with this.'),
  status: z
    .enum(STATUSES)
    .optional()
    .describe('Only images that stand so; those that are degraded are also done.'),
  limit: wholeNumber(1, 1000)
    .default(100)
    .describe('Images of a page at most. There may be fewer, and more behind them.'),
  cursor: z.string().optional().describe('Of the page before.'),
  name: imageName.optional().describe('The prompt of this one image, instead of a list.'),
};

const listed = z.object({
  name: z.string(),
  status: z.enum(['done', 'failed', 'edited', 'pending']),
  degraded: z.boolean(),
  code: z.string().nullable().describe('Of the problem, where it failed.'),
  etag: z.string().describe('Of the image, without quotes.'),
  bytes: z.int().min(0),
  contentType: z.string().nullable(),
  lastModified: z.iso.datetime(),
  promptedAt: z.iso.datetime().nullable(),
  href: z.string().describe('Path of the prompt.'),
});

export const promptList = z.object({
  items: z.array(listed),
  cursor: z.string().nullable().describe('Of the next page; null after the last.'),
});

const STORED = {
  status: 200,
  types: ['application/json'],
  headers: { ETag: 'Version of the prompt.' },
  schema: storedPrompt,
} as const satisfies Answer;

const NOT_THERE = [
  {
    status: 202,
    types: ['application/json'],
    description: 'The image is there, and neither a prompt nor a problem yet.',
    headers: { 'Retry-After': 'Seconds after which to ask again.' },
    schema: z.object({ name: z.string(), status: z.literal('pending') }),
  },
  { status: 304, types: [], description: 'The version is the one that the client has.' },
  {
    status: 422,
    types: ['application/problem+json'],
    description:
      'The image has no prompt: the problem that was stored beside it, or `blob-archived` for a prompt that cannot be read.',
    schema: problem,
  },
] as const satisfies readonly Answer[];

export const GET_PROMPT = {
  id: 'getPrompt',
  method: 'GET',
  path: '/api/prompts/{name}',
  summary: 'The prompt of an image',
  description: 'As it is stored: our document, or what a person wrote in its place.',
  headers: { 'if-none-match': 'The ETag of an earlier answer.' },
  answer: STORED,
  otherAnswers: NOT_THERE,
  errors: ['invalid-name', 'name-encoding', 'not-found', 'blob-archived', 'storage-unavailable'],
} as const satisfies Operation;

export const LIST_PROMPTS = {
  ...GET_PROMPT,
  id: 'listPrompts',
  path: '/api/prompts',
  summary: 'Images and how they stand, or the prompt of one',
  description: 'Page by page in the order of the names. With `name`, the prompt of that image.',
  query: listQuery,
  answer: { ...STORED, schema: z.union([promptList, storedPrompt]) },
} as const satisfies Operation;
