import * as z from 'zod';
import { target } from '../prompt/document.ts';

/** A batch as it is kept in the container of state: what was asked, how far it has got, and what came of it. */

const MAX_PARALLEL = 16;

/** The last three are final. */
const BATCH_STATUSES = ['pending', 'running', 'cancelling', 'cancelled', 'completed', 'failed'] as const;

const count = z.int().min(0);

export const batchOptions = z.object({
  prefix: z.string().describe('Only images whose names begin with this.'),
  targets: z
    .array(target)
    .min(1)
    .nullable()
    .describe('Which prompts are made; null for all that are set up.'),
  force: z.boolean().describe('Prompts that are up to date are made anew, even edited ones.'),
  stale: z
    .boolean()
    .describe('So are those of an older version or by another provider, model or setting; edited ones stay.'),
  maxParallel: z.int().min(1).max(MAX_PARALLEL).describe('Images that are worked on at once.'),
  dryRun: z.boolean().describe('Only count what would be done.'),
});
export type BatchOptions = z.infer<typeof batchOptions>;

const batchCounts = z
  .object({
    listed: count.describe('Images under the prefix, as far as it has been looked through.'),
    described: count.describe('They have a new prompt now.'),
    reused: count.describe(
      'Of those (in a dry run, of what remains): the analysis was known, nothing was paid.',
    ),
    unchanged: count.describe('They had their prompt, or a person wrote it.'),
    refused: count.describe('They will never have one; the error JSON says why.'),
    failed: count.describe(
      'All attempts failed; the error JSON says why, or the log where it could not be written.',
    ),
    deferred: count.describe('Still changing or being copied: they are left to the queue.'),
    gone: count.describe('They went while the batch ran.'),
    skipped: count.describe('Nothing can be stored under their names.'),
    remaining: count.describe('Found and not done yet. In a dry run: what would be described.'),
  })
  .describe('`listed` is the sum of all others but `reused`.');
export type BatchCounts = z.infer<typeof batchCounts>;

const money = z.object({ amount: z.number().min(0), currency: z.literal('USD') });

/** What anyone may know of a batch. */
export const batch = z.object({
  id: z.string(),
  status: z.enum(BATCH_STATUSES),
  options: batchOptions,
  counts: batchCounts,
  visionCalls: count.describe('Calls that were paid for; in a dry run, those that would be.'),
  billedFeatures: count.describe('Calls times the features of each, as Azure bills them.'),
  estimatedCost: money.nullable().describe('By list price; null where the provider has none that is known.'),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
  waitingUntil: z.iso.datetime().nullable().describe('Nothing is done before: a limit is spent, say.'),
  problem: z
    .object({ code: z.string(), title: z.string(), status: z.int(), detail: z.string().optional() })
    .nullable()
    .describe('Why it failed, or what it waits for.'),
});
export type Batch = z.infer<typeof batch>;

export const batchRecord = batch.extend({
  /** Pages of the listing that were looked through: by it a page counts once, whoever has it and how often. */
  pages: count,
  /** Where the next page begins: null for the first one. */
  marker: z.string().nullable(),
  /** There is no next page. */
  isListed: z.boolean(),
  /** Images of the pages so far that are not done: whoever takes a name from here counts it. */
  todo: z.array(z.string()),
  /** Who works on it. While the record is young the batch is theirs. */
  runner: z.string().nullable(),
  /** Whether its end was told to whoever wants to hear of it. */
  isTold: z.boolean(),
  /** Who is telling it. While the record is young nobody else need. */
  teller: z.string().nullable().default(null),
});
export type BatchRecord = z.infer<typeof batchRecord>;

export const NOTHING_COUNTED: BatchCounts = {
  listed: 0,
  described: 0,
  reused: 0,
  unchanged: 0,
  refused: 0,
  failed: 0,
  deferred: 0,
  gone: 0,
  skipped: 0,
  remaining: 0,
};

/** @param now ISO 8601 */
export function newBatch(id: string, options: BatchOptions, now: string): BatchRecord {
  return {
    id,
    options,
    status: 'pending',
    counts: NOTHING_COUNTED,
    visionCalls: 0,
    billedFeatures: 0,
    estimatedCost: null,
    problem: null,
    createdAt: now,
    updatedAt: now,
    finishedAt: null,
    waitingUntil: null,
    pages: 0,
    marker: null,
    isListed: false,
    todo: [],
    runner: null,
    isTold: false,
    teller: null,
  };
}

export function isFinished({ status }: Pick<Batch, 'status'>): boolean {
  return status === 'completed' || status === 'cancelled' || status === 'failed';
}
