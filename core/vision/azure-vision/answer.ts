import * as z from 'zod';
import { FailedError } from '../../errors.ts';
import { plainText } from '../plain-text.ts';
import type { Analysis, Box, Finding, VisionFeature } from '../vision.ts';
import { distinctObjects, distinctRegions, distinctTags } from './merge.ts';

/**
 * The answer of Image Analysis 4.0: `ImageAnalysisResult` of api-version 2023-10-01, as far as it is used. Looser than
 * the contract where an answer stays useful: `blocks` may be empty, boxes may reach beyond the image.
 */

const confidence = z.number().min(0).max(1);
const pixelBox = z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() });
/** Four points today. The limit keeps an answer of nothing but points from filling the stack. */
const polygon = z.array(z.object({ x: z.number(), y: z.number() })).max(100);
const tag = z.object({ name: z.string(), confidence });
/** More than any answer has: what is beyond is cut off before it is looked at, since each fault in it costs time. */
const MAX_ITEMS = 1_000;

const many = <T extends z.ZodType>(item: T) =>
  z.preprocess((list) => (Array.isArray(list) ? list.slice(0, MAX_ITEMS) : list), z.array(item));

const values = <T extends z.ZodType>(value: T) => z.object({ values: many(value) }).optional();

const line = z.object({
  text: z.string(),
  boundingPolygon: polygon,
  words: many(z.object({ confidence })),
});

const imageAnalysisResult = z.object({
  modelVersion: z.string(),
  metadata: z.object({ width: z.int().min(1), height: z.int().min(1) }),
  captionResult: z.object({ text: z.string(), confidence }).optional(),
  denseCaptionsResult: values(z.object({ text: z.string(), confidence, boundingBox: pixelBox })),
  tagsResult: values(tag),
  objectsResult: values(z.object({ boundingBox: pixelBox, tags: many(tag) })),
  peopleResult: values(z.object({ boundingBox: pixelBox, confidence })),
  readResult: z.object({ blocks: many(z.object({ lines: many(line) })) }).optional(),
  smartCropsResult: values(z.object({ aspectRatio: z.number().positive(), boundingBox: pixelBox })),
});

type PixelBox = z.infer<typeof pixelBox>;
type ImageAnalysisResult = z.infer<typeof imageAnalysisResult>;

/** @throws FailedError `vision-bad-response` when it is no JSON or not of this shape: half an answer is none */
export function parseResult(body: string): ImageAnalysisResult {
  const { success, data, error } = imageAnalysisResult.safeParse(parseJson(body));
  if (success) return data;
  // A hostile answer has as many faults as it has values; the first few tell enough.
  const faults = error.issues.slice(0, 3).map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new FailedError('vision-bad-response', { cause: new Error(faults.join('; ')) });
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    throw new FailedError('vision-bad-response', { cause: error });
  }
}

/**
 * What the service itself holds for more likely absent than present is noise: of people it lists every candidate (its own
 * example has one of 0.96 and one of 0.0017), and among tags and objects the doubtful ones are where its mistakes are.
 */
const MIN_CONFIDENCE = 0.5;

/** A sentence gets lower marks than a word for being right; what gets less than this describes another picture. */
const MIN_SENTENCE_CONFIDENCE = 0.3;

/** Far above what the service gives, far below what would bloat a prompt document. In UTF-16 units. */
const MAX_SENTENCE = 1_000;
const MAX_NAME = 100;
const MAX_FINDINGS = 500;

type Found = Pick<
  Analysis,
  'model' | 'caption' | 'regions' | 'tags' | 'objects' | 'people' | 'text' | 'crops'
>;

/**
 * What was found, in our own terms: without noise, without text that has no content and boxes that have no area, and
 * each thing once.
 */
export function findings(result: ImageAnalysisResult): Found {
  const { width, height } = result.metadata;
  const boxOf = ({ x, y, w, h }: PixelBox) =>
    fractions(x / width, y / height, (x + w) / width, (y + h) / height);
  const lines = result.readResult?.blocks.flatMap((block) => block.lines) ?? [];
  const caption = captionOf(result);
  const regions = list(result.denseCaptionsResult).flatMap(({ text, confidence, boundingBox }) =>
    finding(plainText(text, MAX_SENTENCE), confidence, boxOf(boundingBox)),
  );
  // The service names an object with exactly one tag.
  const objects = list(result.objectsResult).flatMap(({ tags, boundingBox }) =>
    tags
      .slice(0, 1)
      .flatMap(({ name, confidence }) => finding(plainText(name, MAX_NAME), confidence, boxOf(boundingBox))),
  );
  const tags = list(result.tagsResult).flatMap(({ name, confidence }) =>
    finding(plainText(name, MAX_NAME), confidence, null),
  );
  const people = list(result.peopleResult).flatMap(({ confidence, boundingBox }) =>
    finding('person', confidence, boxOf(boundingBox)),
  );
  const things = distinctObjects(objects.filter(isLikely));
  return {
    model: plainText(result.modelVersion, MAX_NAME) || null,
    caption,
    regions: distinctRegions(
      regions.filter(({ confidence }) => (confidence ?? 0) >= MIN_SENTENCE_CONFIDENCE),
      caption,
    ),
    tags: distinctTags(tags.filter(isLikely), things),
    objects: things,
    people: people.filter(isLikely),
    text: lines.slice(0, MAX_FINDINGS).flatMap(({ text, words, boundingPolygon: points }) => {
      const xs = points.map(({ x }) => x / width);
      const ys = points.map(({ y }) => y / height);
      const box = fractions(Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys));
      // A line has no confidence of its own, its words have.
      return finding(plainText(text, MAX_SENTENCE), mean(words.map((word) => word.confidence)), box);
    }),
    crops: list(result.smartCropsResult).flatMap(({ aspectRatio, boundingBox }) => {
      const box = boxOf(boundingBox);
      return box ? [{ aspectRatio, box }] : [];
    }),
  };
}

const DESCRIBING = ['denseCaptions', 'tags', 'objects', 'people'] as const;

/** Why a document made of this would say less than it should: a reason for `Analysis`, or null. */
export function shortcoming(
  { captionResult }: ImageAnalysisResult,
  { caption, regions, tags, objects, people }: Found,
  features: readonly VisionFeature[],
): string | null {
  if (features.includes('caption') && caption === null) {
    return plainText(captionResult?.text ?? '', MAX_SENTENCE) === '' ? 'no-caption' : 'low-confidence';
  }
  const isDescribed = caption !== null || [regions, tags, objects, people].some((found) => found.length > 0);
  return isDescribed || !DESCRIBING.some((feature) => features.includes(feature)) ? null : 'nothing-found';
}

function captionOf({ captionResult }: ImageAnalysisResult): Analysis['caption'] {
  const text = plainText(captionResult?.text ?? '', MAX_SENTENCE);
  if (!captionResult || text === '' || captionResult.confidence < MIN_SENTENCE_CONFIDENCE) return null;
  return { text, confidence: round(captionResult.confidence), language: 'en' };
}

function isLikely({ confidence }: Finding): boolean {
  return confidence !== null && confidence >= MIN_CONFIDENCE;
}

function list<T>(result: { readonly values: readonly T[] } | undefined): readonly T[] {
  return result?.values.slice(0, MAX_FINDINGS) ?? [];
}

function finding(text: string, confidence: number | null, box: Box | null): Finding[] {
  return text === '' ? [] : [{ text, confidence: confidence === null ? null : round(confidence), box }];
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The part of a rectangle that lies within the image, or null where none does. */
function fractions(left: number, top: number, right: number, bottom: number): Box | null {
  const [x0, y0, x1, y1] = [clamp(left), clamp(top), clamp(right), clamp(bottom)];
  return x1 > x0 && y1 > y0 ? { x: x0, y: y0, w: round(x1 - x0), h: round(y1 - y0) } : null;
}

function clamp(fraction: number): number {
  return round(Math.min(1, Math.max(0, fraction)));
}

/** Four decimals: finer than a pixel of what is sent. */
function round(fraction: number): number {
  return Math.round(fraction * 10_000) / 10_000;
}
