import { createHash } from 'node:crypto';
import type { Recovered } from '../image/embedded/recovered.ts';
import type { Camera, InspectedImage, Measurements } from '../image/image.ts';
import type { Analysis } from '../vision/vision.ts';
import { altText } from './alt-text.ts';
import { type ComposeOptions, composePrompts } from './compose.ts';
import { type PromptDocument, SCHEMA_VERSION, type Target } from './document.ts';
import { collectFacts } from './facts.ts';
import { cleanText } from './safe-text.ts';

export interface DocumentInput {
  readonly image: InspectedImage;
  readonly stored: {
    readonly container: string;
    readonly name: string;
    readonly url: string;
    readonly etag: string;
  } | null;
  /** Of the image's bytes, in hex. */
  readonly sha256: string;
  readonly measurements: Measurements;
  readonly analysis: Analysis;
  readonly options: ComposeOptions & { readonly defaultTarget: Target };
  readonly settingsHash: string;
  readonly now: Date;
  /** The program and its version. */
  readonly generator: string;
  /** True when the analysis is an earlier one's. */
  readonly reused?: boolean;
}

/** The document of one image. Everything but `generatedAt` follows from the image's bytes, the analysis and the settings. */
export function buildDocument(input: DocumentInput): PromptDocument {
  const { image, stored, measurements, analysis, options } = input;
  const { targets, defaultTarget } = options;
  const facts = collectFacts({ image, measurements, analysis });
  const composed = composePrompts(
    { facts, measurements },
    { ...options, targets: [...targets, defaultTarget] },
  );
  const main = composed[defaultTarget];
  const { recovered } = image;
  const { palette, light, composition } = measurements;
  const { provider, model, region, degraded, reason } = analysis;
  return {
    schemaVersion: SCHEMA_VERSION,
    id: createHash('sha256').update(input.sha256).update(input.settingsHash).digest('hex').slice(0, 32),
    origin: recovered ? 'recovered' : 'generated',
    generatedAt: input.now.toISOString(),
    generator: input.generator,
    ...(recovered
      ? original(recovered)
      : { prompt: main?.prompt ?? '', negativePrompt: main?.negativePrompt ?? null }),
    altText: altText(facts),
    image: {
      container: stored?.container ?? null,
      name: stored?.name ?? null,
      url: stored?.url ?? null,
      etag: stored?.etag ?? null,
      sha256: input.sha256,
      bytes: image.bytes,
      format: image.format,
      width: image.width,
      height: image.height,
      exifOrientation: image.exifOrientation,
      frames: image.frames,
      capturedAt: image.capturedAt,
    },
    caption: analysis.caption ? { ...analysis.caption, text: cleanText(analysis.caption.text) } : null,
    facts,
    palette: [...palette],
    light,
    composition,
    camera: image.camera ? cleanCamera(image.camera) : null,
    text: facts.filter(({ kind }) => kind === 'text').map(({ text }) => text),
    recovered: recovered && { ...recovered, parameters: { ...recovered.parameters } },
    prompts: Object.fromEntries(targets.map((target) => [target, composed[target]])),
    analysis: {
      provider,
      model,
      region,
      reused: input.reused ?? false,
      degraded,
      reason,
      settingsHash: input.settingsHash,
    },
  };
}

/** As it was written: cleaning it would make another prompt of it. */
function original({ prompt, negativePrompt }: Recovered) {
  return { prompt, negativePrompt };
}

function cleanCamera(camera: Camera): Camera {
  const name = (text: string | null) => (text === null ? null : cleanText(text, 80));
  return { ...camera, make: name(camera.make), model: name(camera.model), lens: name(camera.lens) };
}
