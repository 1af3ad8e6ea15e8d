import { createHash } from 'node:crypto';
import * as z from 'zod';
import { RefusedError } from '../errors.ts';
import { storedAnalysis } from '../vision/stored-analysis.ts';
import type { Analysis, VisionFeature, VisionProvider } from '../vision/vision.ts';
import type { Blobs, WriteCondition } from './blobs.ts';
import { STATE_PREFIXES } from './state-prefixes.ts';

/** The one blob a content has: first the claim of who is about to pay, then what came of it. */

/** Several times more than any analysis we write. */
const MAX_BYTES = 4 * 1024 * 1024;

/** Everything that decides what a provider answers for given bytes. */
export interface AnalysisKey {
  /** Of the image's bytes, in hex. */
  readonly sha256: string;
  readonly provider: VisionProvider;
  readonly model: string | null;
  readonly features: readonly VisionFeature[];
  readonly language: string;
}

/** What the provider said: the analysis, or that it will never describe this image. */
export type Result = { readonly analysis: Analysis } | { readonly refusal: RefusedError };

const LASTING = ['vision-rejected', 'content-filtered'] as const;

const content = z.discriminatedUnion('state', [
  z.object({ state: z.literal('claim'), owner: z.string() }),
  z.object({ state: z.literal('analysis'), owner: z.string(), analysis: storedAnalysis }),
  z.object({
    state: z.literal('refusal'),
    owner: z.string(),
    code: z.enum(LASTING),
    detail: z.string().nullable(),
  }),
]);
export type Content = z.infer<typeof content>;

export interface StoredContent {
  readonly etag: string;
  /** Milliseconds since it was written, by the service's clock. */
  readonly age: number;
  /** Null for what is not ours or not whole: nobody's claim, and no result. */
  readonly content: Content | null;
}

export function analysisName({ sha256, provider, model, features, language }: AnalysisKey): string {
  const decisive = JSON.stringify([provider, model, [...new Set(features)].sort(), language]);
  const key = createHash('sha256').update(decisive).digest('hex').slice(0, 16);
  return `${STATE_PREFIXES.analyses}${sha256}/${key}.json`;
}

/** Whether a provider's refusal is about the image, so that it holds for every later attempt. */
export function isLasting({ code }: RefusedError): boolean {
  return LASTING.some((lasting) => lasting === code);
}

/** @param paid what was asked for, where it is the result */
export async function writeContent(
  state: Blobs,
  name: string,
  value: Content,
  condition: WriteCondition,
  paid: Pick<AnalysisKey, 'provider' | 'features'> | null = null,
): Promise<{ readonly etag: string } | 'conflict'> {
  return state.write(name, Buffer.from(JSON.stringify(value)), {
    contentType: 'application/json',
    // A listing tells claims from results by it, and what was billed.
    metadata: {
      state: value.state,
      ...(paid && { provider: paid.provider, features: paid.features.join(',') }),
    },
    condition,
  });
}

export async function readContent(state: Blobs, name: string): Promise<StoredContent | null> {
  const blob = await state.read(name, { maxBytes: MAX_BYTES });
  if (blob === null) return null;
  const age = blob.servedAt.getTime() - blob.lastModified.getTime();
  return { etag: blob.etag, age, content: parse(blob.bytes) };
}

function parse(bytes: Uint8Array | null): Content | null {
  try {
    return content.parse(JSON.parse(Buffer.from(bytes ?? []).toString()));
  } catch {
    return null;
  }
}

/** @throws Error for a refusal that is not lasting */
export function contentOf(result: Result, owner: string): Content {
  if ('analysis' in result) return { state: 'analysis', owner, analysis: result.analysis };
  const { code, detail } = result.refusal;
  const lasting = LASTING.find((known) => known === code);
  if (lasting === undefined) throw new Error('says nothing lasting of an image', { cause: result.refusal });
  return { state: 'refusal', owner, code: lasting, detail: detail ?? null };
}

export function resultOf(found: Exclude<Content, { readonly state: 'claim' }>): Result {
  if (found.state === 'analysis') return { analysis: found.analysis };
  const detail = found.detail === null ? {} : { detail: found.detail };
  return { refusal: new RefusedError(found.code, detail) };
}
