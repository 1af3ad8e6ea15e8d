import type { IncomingMessage } from 'node:http';
import { VISION_FEATURES } from '../../core/vision/vision.ts';
import { jpegSize } from './jpeg-size.ts';
import type { Complaint } from './scripted-server.ts';

/** A request that the service would accept. */
export interface VisionRequest {
  readonly features: readonly string[];
  readonly language: string;
  readonly modelVersion: string;
  readonly genderNeutral: boolean;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  /** Pixels of the JPEG in the body. */
  readonly width: number;
  readonly height: number;
}

interface Rules {
  /** A key, or as well an identity's token. */
  readonly key: string;
  /** False for a resource in a region without captions. */
  readonly captions: boolean;
}

const MAX_BYTES = 20_971_520;

/**
 * Holds a request to the protocol of Image Analysis 4.0, api-version 2023-10-01, and to what this project promises
 * within it: the image is a JPEG, sent as bytes.
 */
export function checkRequest(
  message: IncomingMessage,
  body: Buffer,
  rules: Rules,
): VisionRequest | Complaint {
  const { method, headers, url = '/' } = message;
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  if (headers['ocp-apim-subscription-key'] !== rules.key && headers.authorization !== `Bearer ${rules.key}`) {
    return complaint(401, '401', 'Access denied: wrong subscription key or wrong endpoint.');
  }
  if (method !== 'POST' || pathname !== '/computervision/imageanalysis:analyze') {
    return complaint(404, '404', 'Resource not found');
  }
  if (searchParams.get('api-version') !== '2023-10-01') {
    return complaint(404, 'UnsupportedApiVersion', 'The api-version is not supported.');
  }
  const unknown = [...searchParams.keys()].find((key) => !PARAMETERS.has(key));
  if (unknown) return invalid('BadArgument', `The parameter ${unknown} is not known.`);
  const features = searchParams.get('features')?.split(',') ?? [];
  const known: readonly string[] = VISION_FEATURES;
  if (features.length === 0 || !features.every((feature) => known.includes(feature))) {
    return invalid('NotSupportedVisualFeature', 'A visual feature is missing or not known.');
  }
  const language = searchParams.get('language') ?? 'en';
  if (!LANGUAGES.has(language)) return invalid('NotSupportedLanguage', 'The language is not supported.');
  const modelVersion = searchParams.get('model-version') ?? 'latest';
  if (!/^(latest|\d{4}-\d{2}-\d{2})(-preview)?$/.test(modelVersion)) {
    return invalid('BadArgument', 'The model version is not valid.');
  }
  if (!rules.captions && (features.includes('caption') || features.includes('denseCaptions'))) {
    return complaint(400, 'InvalidRequest', "The feature 'Caption' is not supported in this region.");
  }
  if (headers['content-type'] !== 'application/octet-stream') {
    return complaint(415, 'UnsupportedMediaType', 'The content type is not supported.');
  }
  if (body.length === 0 || body.length > MAX_BYTES) {
    return complaint(400, 'InvalidRequest', `The image is empty or larger than ${MAX_BYTES} bytes.`);
  }
  const size = jpegSize(body);
  if (!size) return invalid('InvalidImageFormat', 'The image format is not valid.');
  if (Math.min(size.width, size.height) < 50 || Math.max(size.width, size.height) > 16_000) {
    return invalid('InvalidImageSize', 'The image is smaller than 50 or larger than 16000 pixels.');
  }
  const genderNeutral = searchParams.get('gender-neutral-caption') === 'true';
  return { features, language, modelVersion, genderNeutral, headers, body, ...size };
}

const PARAMETERS = new Set([
  'api-version',
  'features',
  'language',
  'model-version',
  'gender-neutral-caption',
  'smartcrops-aspect-ratios',
]);

/** A few of the some fifty; a test of the refusal takes any other. */
const LANGUAGES = new Set(['en', 'de', 'es', 'fr', 'ja', 'pt', 'pt-BR', 'zh']);

function invalid(code: string, message: string): Complaint {
  return { status: 400, body: { error: { code: 'InvalidRequest', message, innererror: { code, message } } } };
}

function complaint(status: number, code: string, message: string): Complaint {
  return { status, body: { error: { code, message } } };
}
