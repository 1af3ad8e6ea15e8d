import * as z from 'zod';

/** Where a run has got to, so that the next one can go on from there. */

const blob = z.object({
  name: z.string(),
  etag: z.string(),
  size: z.number(),
  contentType: z.string().nullable(),
  contentMd5: z.string().nullable(),
  lastModified: z.iso.datetime().transform((text) => new Date(text)),
  isCopying: z.boolean(),
  isArchived: z.boolean(),
  metadata: z.record(z.string(), z.string()),
});

/**
 * What a run walks through, in this order: the images, then the kinds of state that do not last. `rest` is what needs no
 * place of its own: it begins anew wherever it ended.
 */
const PHASES = ['images', 'analyses', 'temporary', 'answers', 'batches', 'counters', 'rest'] as const;
export type Phase = (typeof PHASES)[number];
export type StatePhase = Exclude<Phase, 'images' | 'rest'>;

const place = z.object({
  phase: z.enum(PHASES),
  /** Of the next page; null for the first. */
  marker: z.string().nullable(),
  /** Images whose outputs may be on the next page. */
  open: z.array(z.object({ image: blob, prompt: blob.nullable(), error: blob.nullable() })),
});

const content = z.object({
  /** Null where nobody is at it. */
  owner: z.string().nullable(),
  container: z.string(),
  prefix: z.string(),
  place: place.nullable(),
});

export type Place = z.infer<typeof place>;
export type SweepContent = z.infer<typeof content>;

export const START: Place = { phase: 'images', marker: null, open: [] };

/** The beginning of the phase after this one. */
export function after(phase: Exclude<Phase, 'rest'>): Place {
  return { ...START, phase: PHASES[PHASES.indexOf(phase) + 1] ?? 'rest' };
}

/** Null for what is not ours or not whole: nobody's, and without a place. */
export function parseSweep(bytes: Uint8Array | null): SweepContent | null {
  try {
    return content.parse(JSON.parse(Buffer.from(bytes ?? []).toString()));
  } catch {
    return null;
  }
}
