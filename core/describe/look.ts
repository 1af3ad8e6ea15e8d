import { decodeImage, shrinkToJpeg } from '../image/decode.ts';
import { decoding } from '../image/decoding.ts';
import type { ImageLimits, InspectedImage, Measurements } from '../image/image.ts';
import { inspectImage } from '../image/inspect.ts';
import { measureImage } from '../image/measure.ts';
import type { VisionImage } from '../vision/vision.ts';

/** What an image's bytes say by themselves, and the image as a provider is sent it. */
interface Looked {
  readonly image: InspectedImage;
  readonly measurements: Measurements;
  readonly picture: VisionImage;
}

interface LookOptions {
  readonly limits: ImageLimits;
  /** Longest side, in pixels, of what a provider is sent. */
  readonly maxSide: number;
  /** False where no provider will look at the picture, so that it is only made when asked for. */
  readonly needsPixels: boolean;
  readonly signal: AbortSignal;
}

/** @throws RefusedError for bytes that are no usable image */
export type Look = (bytes: Uint8Array, options: LookOptions) => Promise<Looked>;

/** Enough for every measurement; decoding to this size is several times cheaper than to what a provider is sent. */
const MEASURED_SIDE = 512;

/** Inspects, decodes and measures. The original is decoded once: where a JPEG of it is sent, that is measured. */
export const lookAt: Look = async (bytes, { limits, maxSide, needsPixels, signal }) => {
  const image = await inspectImage(bytes, limits);
  const { maxPixels } = limits;
  const shrink = () => decoding(() => shrinkToJpeg(bytes, { maxSide, maxPixels, signal }));
  const sent = needsPixels ? await shrink() : null;
  const raster = await decoding(() =>
    decodeImage(sent?.bytes ?? bytes, { maxSide: MEASURED_SIDE, maxPixels, signal }),
  );
  const { width, height } = sent ?? raster;
  const jpeg = async () => (sent ?? (await shrink())).bytes;
  return { image, measurements: await measureImage(raster, image), picture: { width, height, jpeg } };
};
