import * as z from 'zod';
import { type Analysis, VISION_PROVIDERS } from './vision.ts';

/** An analysis as it is kept in storage: parsed anew when it is read, since whoever can write there may have. */

const box = z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() });
const confidence = z.number().min(0).max(1).nullable();
const findings = z.array(z.object({ text: z.string(), confidence, box: box.nullable() }));

export const storedAnalysis: z.ZodType<Analysis> = z.object({
  provider: z.enum(VISION_PROVIDERS),
  model: z.string().nullable(),
  region: z.string().nullable(),
  caption: z.object({ text: z.string(), confidence, language: z.string() }).nullable(),
  regions: findings,
  tags: findings,
  objects: findings,
  people: findings,
  text: findings,
  crops: z.array(z.object({ aspectRatio: z.number(), box })),
  degraded: z.boolean(),
  reason: z.string().nullable(),
});
