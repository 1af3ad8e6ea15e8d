import * as z from 'zod';
import { MAX_LISTED } from './capped.ts';
import { NAME_PROBLEMS } from './names/name-problems.ts';

/**
 * The catalog: what the last audit found in the container of images. `schemas/catalog.v1.json` is generated from here.
 * Within version 1 fields may be added, never changed.
 */

export const CATALOG = 'catalog.json';

/** Several times more than the longest lists of the longest names take. */
export const MAX_CATALOG_BYTES = 64 * 1024 * 1024;

const count = z.int().min(0);
const sum = z.object({ count, bytes: count });
const date = z.iso.datetime();

const listOf = <T extends z.ZodType>(item: T) => z.object({ count, items: z.array(item).max(MAX_LISTED) });

const day = z.object({
  date: z.iso.date().describe('A UTC day.'),
  calls: count.describe('Analyses paid for, as far as they are still kept.'),
  cost: z.number().min(0).nullable(),
});

export const catalog = z
  .object({
    schemaVersion: z.literal(1),
    generatedAt: date,
    generator: z.string().describe('The program and its version.'),
    complete: z.boolean().describe('False where the run was stopped before it had seen everything.'),
    container: z.string(),
    prefix: z.string(),
    listing: z.object({
      pages: count.describe('Of the listing of the images.'),
      blobs: count,
      skippedRanges: count.describe('Ranges of names that storage did not show.'),
    }),
    images: sum.extend({
      byFormat: z.record(z.string(), sum),
      byStatus: z.record(z.string(), sum).describe('done, edited, failed and pending.'),
      degraded: count,
    }),
    others: sum.describe('Blobs that are neither images nor written by this program.'),
    missing: listOf(
      z.object({
        name: z.string(),
        lastModified: date,
        asked: z.boolean().describe('False for what was there before the first start, with BACKFILL=off.'),
      }),
    ).describe('Images with neither a prompt nor an error of their present content.'),
    oldestMissing: z
      .object({ name: z.string(), lastModified: date, ageSeconds: count })
      .nullable()
      .describe('Of those that are asked for.'),
    stale: listOf(
      z.object({ name: z.string(), reasons: z.array(z.enum(['schema', 'provider', 'settings'])) }),
    ).describe(
      'Prompts that these settings would make otherwise, as a batch with `stale` does. `settings`: of the same provider, with another model, say.',
    ),
    orphans: listOf(
      z.object({
        name: z.string(),
        image: z.string(),
        kind: z.enum(['prompt', 'error']),
        ours: z.boolean().describe("Ours are removed by the same run; a person's stays."),
      }),
    ),
    errors: listOf(
      z.object({
        name: z.string(),
        code: z.string(),
        retryable: z.boolean(),
        attempts: z.number().nullable(),
        nextTryAt: z.string().nullable(),
      }),
    ).extend({ byCode: z.record(z.string(), count) }),
    edited: listOf(z.object({ name: z.string() })),
    editedStale: listOf(z.object({ name: z.string(), imageModified: date, promptModified: date })).describe(
      'The image is newer than the prompt that a person edited.',
    ),
    names: listOf(
      z.object({
        name: z.string(),
        problems: z.array(z.enum(NAME_PROBLEMS)),
        other: z.string().nullable().describe('The image whose name it collides with.'),
        suggestion: z.string().describe('A name that no image has, and none that is suggested here.'),
      }),
    ),
    duplicates: listOf(
      z.object({
        name: z.string(),
        sameAs: z.string(),
        bytes: count,
        suggestion: z.string(),
      }),
    )
      .extend({ bytes: count })
      .describe('Images with the content of one before them.'),
    waiting: z.object({
      queue: count.describe("The queue's approximate length."),
      poison: count,
    }),
    vision: z.object({
      provider: z.string(),
      model: z.string().nullable(),
      features: z.array(z.string()),
      today: day,
      month: z.object({ month: z.string(), calls: count, cost: z.number().min(0).nullable() }),
      days: z.array(day).max(62),
      prices: z.object({ currency: z.string(), asOf: z.string(), source: z.string() }),
    }),
  })
  .meta({ title: 'Catalog', description: 'What the last audit found in the container of images.' });

export type Catalog = z.infer<typeof catalog>;

/** The catalog's JSON Schema (2020-12), in one piece and open to added fields. */
export function catalogSchema(): object {
  return z.toJSONSchema(catalog, { io: 'input', target: 'draft-2020-12', reused: 'inline' });
}
