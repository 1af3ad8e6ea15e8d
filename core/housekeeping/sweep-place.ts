import * as z from 'zod';

/** Where a sweep has got to, so that the next one can go on from there. */

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

const place = z.object({
  /** Of the images, or of the claims in the container of state, which come after. */
  phase: z.enum(['images', 'claims']),
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

/** Null for what is not ours or not whole: nobody's, and without a place. */
export function parseSweep(bytes: Uint8Array | null): SweepContent | null {
  try {
    return content.parse(JSON.parse(Buffer.from(bytes ?? []).toString()));
  } catch {
    return null;
  }
}
