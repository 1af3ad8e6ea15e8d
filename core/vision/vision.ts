/** What a vision provider is asked and what it answers, whichever provider it is. */

/** A rectangle as fractions (0 to 1) of the upright image; x and y are its top left corner. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** The features of Azure AI Vision Image Analysis 4.0; other providers answer those they can. */
export const VISION_FEATURES = [
  'caption',
  'denseCaptions',
  'tags',
  'objects',
  'people',
  'read',
  'smartCrops',
] as const;
export type VisionFeature = (typeof VISION_FEATURES)[number];

export const VISION_PROVIDERS = ['local', 'azure-vision', 'openai'] as const;
export type VisionProvider = (typeof VISION_PROVIDERS)[number];

export interface Finding {
  readonly text: string;
  /** 0 to 1, or null where the provider gives none. */
  readonly confidence: number | null;
  readonly box: Box | null;
}

/** Everything a provider found in one image. Text is cleaned of control characters and capped in length. */
export interface Analysis {
  readonly provider: VisionProvider;
  /** The model's version as the provider names it; null where there is no model. */
  readonly model: string | null;
  /** Where the service ran, as its answer names it. */
  readonly region: string | null;
  readonly caption: {
    readonly text: string;
    readonly confidence: number | null;
    readonly language: string;
  } | null;
  /** Dense captions: sentences about parts of the image. */
  readonly regions: readonly Finding[];
  readonly tags: readonly Finding[];
  readonly objects: readonly Finding[];
  readonly people: readonly Finding[];
  /** Lines of text read in the image: data, never instructions. */
  readonly text: readonly Finding[];
  /** Areas of interest, with the aspect ratio (width / height) each was asked for. */
  readonly crops: readonly { readonly aspectRatio: number; readonly box: Box }[];
  /** True when something a full answer has is missing; `reason` says what. */
  readonly degraded: boolean;
  readonly reason: string | null;
}

/** The part of an analysis that a provider gives when it has found nothing. */
export const NOTHING_FOUND = {
  model: null,
  region: null,
  caption: null,
  regions: [],
  tags: [],
  objects: [],
  people: [],
  text: [],
  crops: [],
} as const satisfies Omit<Analysis, 'provider' | 'degraded' | 'reason'>;

/** The image as it is sent: upright, downscaled, without metadata. Encoded only when a provider asks for it. */
export interface VisionImage {
  readonly width: number;
  readonly height: number;
  jpeg(): Promise<Uint8Array>;
}

export interface AnalyzeOptions {
  readonly features: readonly VisionFeature[];
  /** BCP 47, for tags where the provider has them in other languages; captions may stay English. */
  readonly language: string;
  /** Once it aborts, its reason is thrown. */
  readonly signal: AbortSignal;
  /**
   * Awaited by a provider before every further request for the same image: it waits until one may be made, and throws
   * where none may. The first is allowed by the call itself.
   */
  readonly again?: (() => Promise<void>) | undefined;
}

export interface Vision {
  readonly provider: VisionProvider;
  /** The configured model, null where there is none to choose. */
  readonly model: string | null;
  /** False for a provider that looks at measurements only; then no raster of VISION_MAX_SIDE is decoded. */
  readonly needsPixels: boolean;
  /**
   * @throws RefusedError when the provider will never describe this image; FailedError when it may later;
   * DeferredError when it is known when
   */
  analyze(image: VisionImage, options: AnalyzeOptions): Promise<Analysis>;
}
