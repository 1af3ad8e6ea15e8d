import { createHash } from 'node:crypto';
import type { ImageLimits } from '../image/image.ts';
import { buildDocument } from '../prompt/build-document.ts';
import type { PromptDocument, Target } from '../prompt/document.ts';
import { settingsHash } from '../prompt/settings-hash.ts';
import type { MidjourneyVersion } from '../prompt/targets/midjourney-versions.ts';
import { inSpan } from '../telemetry/spans.ts';
import { SPANS } from '../telemetry.ts';
import type { VisionFeature } from '../vision/vision.ts';
import { type AnalyzeSettings, analyze } from './analyze.ts';
import type { Look } from './look.ts';
import type { TellNews } from './news.ts';
import type { Sidecar } from './sidecars.ts';

/** What describing needs to know, whichever way an image comes. */
export interface DescribeSettings extends AnalyzeSettings {
  readonly look: Look;
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
  readonly midjourneyVersion: MidjourneyVersion;
  /** What is written beside an image for other programs. */
  readonly sidecars: readonly Sidecar[];
  /** The program and its version. */
  readonly generator: string;
  /** Nothing is described at the moment: every image is deferred. */
  readonly isPaused: boolean;
  /** Hears of every prompt and error that is written beside an image. */
  readonly tellNews?: TellNews | undefined;
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
  /** So many milliseconds are waited for someone who describes the same content; then it is deferred. */
  readonly patience?: number | undefined;
  readonly signal: AbortSignal;
}

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
  const { vision, features, limits, maxSide } = settings;
  const { defaultTarget, prefix, suffix, triggerWord, midjourneyVersion } = settings;
  const { provider, model, needsPixels } = vision;
  const { signal, patience = 0, targets = settings.targets, language = settings.language } = request;
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const { image, measurements, picture } = await inSpan(SPANS.inspect, () =>
    settings.look(bytes, { limits, maxSide, needsPixels, signal }),
  );
  const { analysis, reused } = await analyze(settings, {
    picture,
    key: { sha256, provider, model, features, language },
    patience,
    signal,
  });
  const options = { targets, defaultTarget, prefix, suffix, triggerWord, midjourneyVersion };
  return inSpan(SPANS.compose, () =>
    buildDocument({
      image,
      stored: request.stored,
      sha256,
      measurements,
      analysis,
      options,
      reused,
      settingsHash: settingsHash({ provider, model, features, language, ...options }),
      now: new Date(settings.clock.now()),
      generator: settings.generator,
    }),
  );
}
