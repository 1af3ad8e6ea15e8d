import { FailedError } from '../../errors.ts';
import type { Authorize } from '../authorize.ts';
import { plainText } from '../plain-text.ts';
import type { VisionFeature } from '../vision.ts';

/** With a key of the resource. */
export function byResourceKey(key: string): Authorize {
  return async () => ({ 'ocp-apim-subscription-key': key });
}

/** What some regions do not offer, and what comes in English only. */
export function isCaption(feature: VisionFeature): boolean {
  return feature === 'caption' || feature === 'denseCaptions';
}

interface Question {
  readonly features: readonly VisionFeature[];
  readonly language: string;
  readonly modelVersion: string | undefined;
  readonly signal: AbortSignal;
}

export interface Answer {
  readonly status: number;
  /** As received: whatever the status, it may be anything. */
  readonly body: string;
  readonly region: string | null;
  readonly retryAfter: string | undefined;
}

/** Sends an upright JPEG and gives whatever is answered; throws what the SDK and the socket throw. */
export type Ask = (jpeg: Uint8Array, question: Question) => Promise<Answer>;

/**
 * By default a caption says "man" or "girl" from how somebody looks. It is a guess about a person that ends up in published
 * prompts and alt texts, so nobody is asked to make it.
 */
const GENDER_NEUTRAL = true;

/** A full answer has some 100 kB; a page of dense text a few hundred. */
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

/** Loads the SDK, which no other provider needs. It tries once and follows no redirect. */
export async function connect(endpoint: URL, authorize: Authorize): Promise<Ask> {
  const sdk = await import('@azure-rest/ai-vision-image-analysis');
  // The SDK is CommonJS: Node, jest and esbuild alike give all its exports as the default.
  const createClient = sdk.default.default;
  const client = createClient(
    endpoint.href.replace(/\/+$/, ''),
    { key: '' },
    {
      retryOptions: { maxRetries: 0 },
      // The key travels in a header of its own, which the SDK would carry along to wherever a redirect points.
      redirectOptions: { maxRetries: 0 },
      allowInsecureConnection: endpoint.protocol === 'http:',
    },
  );
  // A client has one key or identity for good; here each request brings its own.
  client.pipeline.removePolicy({ name: 'keyCredentialAuthenticationPolicy' });
  return async (jpeg, { features, language, modelVersion, signal }) => {
    const request = client.path('/imageanalysis:analyze').post({
      contentType: 'application/octet-stream',
      body: jpeg,
      headers: await authorize(signal),
      queryParameters: {
        features: [...features],
        ...(features.some(isCaption) && { 'gender-neutral-caption': GENDER_NEUTRAL }),
        // Tags alone come in other languages.
        ...(features.includes('tags') && language !== 'en' && { language }),
        ...(modelVersion !== undefined && { 'model-version': modelVersion }),
      },
      abortSignal: signal,
    });
    // As a stream, since the SDK itself reads an answer to its end however long it is.
    const { status, headers, body } = await request.asNodeStream();
    return {
      status: Number(status),
      body: body ? await read(body) : '',
      region: plainText(headers['x-ms-region'] ?? '', 100) || null,
      retryAfter: headers['retry-after'],
    };
  };
}

/** @throws FailedError `vision-bad-response` when it is too long or not UTF-8 */
async function read(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk);
    size += bytes.byteLength;
    if (size > MAX_ANSWER_BYTES) throw new FailedError('vision-bad-response', { detail: 'It is too long.' });
    chunks.push(bytes);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch (error) {
    throw new FailedError('vision-bad-response', { cause: error });
  }
}
