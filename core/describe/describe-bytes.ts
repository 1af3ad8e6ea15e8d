import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import pLimit from 'p-limit';
import { decodeImage, shrinkToJpeg } from '../image/decode.ts';
import type { ImageLimits, InspectedImage, Measurements } from '../image/image.ts';
import { inspectImage } from '../image/inspect.ts';
import { measureImage } from '../image/measure.ts';
import { buildDocument } from '../prompt/build-document.ts';
import type { PromptDocument, Target } from '../prompt/document.ts';
import { settingsHash } from '../prompt/settings-hash.ts';
import type { Analysis, Vision, VisionFeature } from '../vision/vision.ts';

/** What describing needs to know, whichever way an image comes. */
export interface DescribeSettings {
  readonly vision: Vision;
  readonly limits: ImageLimits;
  readonly features: readonly VisionFeature[];
  readonly language: string;
  /** Longest side, in pixels, of what a provider is sent. */
  readonly maxSide: number;
  readonly targets: readonly Target[];
  readonly defaultTarget: Target;
  readonly prefix: string | undefined;
  readonly suffix: string | undefined;
  readonly triggerWord: string | undefined;
  /** The program and its version. */
  readonly generator: string;
  readonly now: () => Date;
}

export interface DescribeRequest {
  /** Where the image is stored; null for bytes that are not. */
  readonly stored: {
    readonly container: string;
    readonly name: string;
    readonly url: string;
    readonly etag: string;
  } | null;
  readonly targets?: readonly Target[] | undefined;
  readonly language?: string | undefined;
  readonly signal: AbortSignal;
}

/** Enough for every measurement; decoding to this size is several times cheaper than to what a provider is sent. */
const MEASURED_SIDE = 512;

/** More decodes at once than cores only cost memory. */
const decoding = pLimit(availableParallelism());

/**
 * The whole way of an image's bytes to its prompt document.
 * @throws RefusedError for bytes that are no usable image, or that the provider will never describe
 * @throws FailedError where the provider may describe them later; DeferredError where it is known when
 */
export async function describeBytes(
  bytes: Uint8Array,
  settings: DescribeSettings,
  request: DescribeRequest,
): Promise<PromptDocument> {
  const { vision, features } = settings;
  const language = request.language ?? settings.language;
  const targets = request.targets ?? settings.targets;
  const { image, measurements, analysis } = await analyze(bytes, settings, {
    language,
    signal: request.signal,
  });
  const { defaultTarget, prefix, suffix, triggerWord } = settings;
  return buildDocument({
    image,
    stored: request.stored,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    measurements,
    analysis,
    options: { targets, defaultTarget, prefix, suffix, triggerWord },
    settingsHash: settingsHash({
      ...{ provider: vision.provider, model: vision.model, features, language },
      ...{ targets, defaultTarget, prefix, suffix, triggerWord },
    }),
    now: settings.now(),
    generator: settings.generator,
  });
}

interface Analyzed {
  readonly image: InspectedImage;
  readonly measurements: Measurements;
  readonly analysis: Analysis;
}

async function analyze(
  bytes: Uint8Array,
  { vision, limits, features, maxSide }: DescribeSettings,
  { language, signal }: { readonly language: string; readonly signal: AbortSignal },
): Promise<Analyzed> {
  const image = await inspectImage(bytes, limits);
  const { maxPixels } = limits;
  const shrink = () => decoding(() => shrinkToJpeg(bytes, { maxSide, maxPixels, signal }));
  // The original is decoded once: where a JPEG of it is sent, the measurements are taken from that.
  const sent = vision.needsPixels ? await shrink() : null;
  const raster = await decoding(() =>
    decodeImage(sent?.bytes ?? bytes, { maxSide: MEASURED_SIDE, maxPixels, signal }),
  );
  const { width, height } = sent ?? raster;
  const jpeg = async () => (sent ?? (await shrink())).bytes;
  const [measurements, analysis] = await Promise.all([
    measureImage(raster, image),
    vision.analyze({ width, height, jpeg }, { features, language, signal }),
  ]);
  return { image, measurements, analysis };
}
