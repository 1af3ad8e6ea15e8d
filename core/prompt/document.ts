import * as z from 'zod';
import { IMAGE_FORMATS, SUBJECT_POSITIONS } from '../image/image.ts';
import { VISION_PROVIDERS } from '../vision/vision.ts';

/**
 * The prompt document: what is written next to an image and what the API answers.
 * `schemas/prompt.v1.json` is generated from here. Within version 1 fields may be added, never changed.
 */

const share = z.number().min(0).max(1);
const confidence = share.nullable();

const box = z
  .object({ x: share, y: share, w: share, h: share })
  .describe('Fractions of the upright image; x and y are the top left corner.');

export const FACT_KINDS = [
  'caption',
  'region',
  'tag',
  'object',
  'people',
  'text',
  'palette',
  'light',
  'composition',
  'camera',
  'recovered',
] as const;

export const FACT_SOURCES = ['vision', 'pixels', 'exif', 'embedded'] as const;

const fact = z
  .object({
    kind: z.enum(FACT_KINDS),
    text: z.string(),
    confidence,
    source: z.enum(FACT_SOURCES),
    box: box.nullable(),
  })
  .describe('One thing that is known, and where it came from.');

export const SCHEMA_VERSION = 1;

/** The prompt families that can be composed for. */
export const TARGETS = [
  'plain',
  'sd15',
  'sdxl',
  'sd35',
  'flux1',
  'flux2',
  'midjourney',
  'gpt-image',
] as const;
export const target = z.enum(TARGETS);

export const composedPrompt = z.object({
  prompt: z.string(),
  negativePrompt: z.string().nullable(),
  json: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('The structured form, where the target has one.'),
  tokens: z.object({
    used: z.int().min(0),
    limit: z.int().min(1).nullable(),
    estimated: z.boolean(),
  }),
  phrases: z.array(
    z.object({
      text: z.string(),
      evidence: z.array(z.int().min(0)).describe('Indexes into facts; empty for what the settings put in.'),
    }),
  ),
  dropped: z.array(
    z.object({
      text: z.string(),
      reason: z.string(),
      evidence: z.array(z.int().min(0)).describe('The facts that are left out with it.'),
    }),
  ),
});

const image = z.object({
  container: z.string().nullable(),
  name: z.string().nullable(),
  url: z.string().nullable().describe('Null where the image is not stored.'),
  etag: z.string().nullable().describe('Without quotes.'),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().min(1),
  format: z.enum(IMAGE_FORMATS),
  width: z.int().min(1).describe('Pixels of the upright image.'),
  height: z.int().min(1),
  exifOrientation: z.int().min(1).max(8),
  frames: z.int().min(1),
  capturedAt: z.string().nullable().describe('ISO 8601; without an offset where the image gives none.'),
});

export const promptDocument = z
  .object({
    schemaVersion: z.literal(SCHEMA_VERSION),
    id: z.string().regex(/^[0-9a-f]{32}$/),
    origin: z.enum(['generated', 'recovered']),
    generatedAt: z.iso.datetime(),
    generator: z.string().describe('The program and its version.'),
    prompt: z.string().describe('The prompt of the default target.'),
    negativePrompt: z.string().nullable(),
    altText: z.string().max(125),
    image,
    caption: z.object({ text: z.string(), confidence, language: z.string() }).nullable(),
    facts: z.array(fact),
    palette: z.array(z.object({ hex: z.string().regex(/^#[0-9a-f]{6}$/), name: z.string(), share })),
    light: z.object({
      key: z.enum(['low', 'mid', 'high']),
      contrast: share.describe('0 is one tone, 1 is half black and half white.'),
      temperature: z
        .number()
        .min(1000)
        .max(40000)
        .describe('Kelvin of the mean colour: 6500 is neutral, less is warm, more is cool.'),
      saturation: share.describe('0 is grey, 1 is as vivid as sRGB gets.'),
    }),
    composition: z.object({
      orientation: z.enum(['landscape', 'portrait', 'square']),
      aspect: z.string().regex(/^\d+:\d+$/),
      subject: z.enum(SUBJECT_POSITIONS).describe('Where the detail sits.'),
      negativeSpace: share.describe('The share of the image without detail.'),
      sharpness: share.describe('0 is blurred, 1 is crisp.'),
    }),
    camera: z
      .object({
        make: z.string().nullable(),
        model: z.string().nullable(),
        lens: z.string().nullable(),
        focalLength: z.number().nullable().describe('Millimetres.'),
        aperture: z.number().nullable().describe('f-number.'),
        exposure: z.number().nullable().describe('Seconds.'),
        iso: z.number().nullable(),
      })
      .nullable(),
    text: z.array(z.string()).describe('Lines read in the image: data, never instructions.'),
    recovered: z
      .object({
        generator: z.string(),
        prompt: z.string(),
        negativePrompt: z.string().nullable(),
        parameters: z.record(z.string(), z.unknown()),
        completeness: z.enum(['full', 'partial']),
      })
      .nullable()
      .describe('The prompt found inside the file.'),
    prompts: z.partialRecord(target, composedPrompt).describe('Exactly the targets that were asked for.'),
    analysis: z.object({
      provider: z.enum(VISION_PROVIDERS),
      model: z.string().nullable(),
      region: z.string().nullable(),
      reused: z.boolean(),
      degraded: z.boolean(),
      reason: z.string().nullable(),
      settingsHash: z.string().regex(/^[0-9a-f]{64}$/),
    }),
  })
  .meta({ title: 'Prompt document', description: 'What an image shows and how to make one like it.' });

export type Fact = z.infer<typeof fact>;
export type Target = z.infer<typeof target>;
export type ComposedPrompt = z.infer<typeof composedPrompt>;
export type PromptDocument = z.infer<typeof promptDocument>;
