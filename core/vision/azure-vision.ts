import { FailedError, RefusedError } from '../errors.ts';
import { findings, parseResult } from './azure-vision-answer.ts';
import { type Answer, type Ask, type AzureVisionCredential, connect } from './azure-vision-client.ts';
import { isNotInRegion, problemOfAnswer } from './azure-vision-error.ts';
import { type Analysis, NOTHING_FOUND, type Vision, type VisionFeature } from './vision.ts';

export interface AzureVisionOptions {
  /** Plain http is meant for a server on the same machine. */
  readonly endpoint: URL;
  readonly credential: AzureVisionCredential;
  /** Such as "2024-02-01"; without one the service's latest. */
  readonly modelVersion?: string | undefined;
  /** Called when the image is ready to be sent; what it gives aborts when the analysis has taken too long. */
  readonly startDeadline?: () => AbortSignal;
}

/**
 * The SDK has no limit of its own: it waits for ever on a server that says nothing. An analysis takes one to three
 * seconds; after thirty nothing will come any more, and whoever posted the image is still waiting.
 */
const DEADLINE_MS = 30_000;

const CAPTION_FEATURES: ReadonlySet<VisionFeature> = new Set(['caption', 'denseCaptions']);

/**
 * Azure AI Vision Image Analysis 4.0. Its SDK is loaded with the first analysis, and tries only once: when to try
 * again is decided by who knows the budget.
 *
 * Outside the regions that have captions the service refuses the whole request; it is then made once more without
 * them, and the analysis is degraded for the reason `caption-not-in-region`. The refused request is not billed.
 *
 * `analyze` throws RefusedError `vision-rejected` or `invalid-request` (the language); FailedError `vision-auth`,
 * `vision-throttled` (with the service's Retry-After), `vision-unavailable`, `vision-timeout` or `vision-bad-response`.
 */
export function azureVision({
  endpoint,
  credential,
  modelVersion,
  startDeadline = () => AbortSignal.timeout(DEADLINE_MS),
}: AzureVisionOptions): Vision {
  let connected: Promise<Ask> | undefined;
  return {
    provider: 'azure-vision',
    model: modelVersion ?? null,
    needsPixels: true,
    async analyze(image, { features, language, signal }) {
      const jpeg = await image.jpeg();
      signal.throwIfAborted();
      const deadline = startDeadline();
      try {
        connected ??= connect(endpoint, credential);
        const send = await connected;
        const question = { language, modelVersion, signal: AbortSignal.any([signal, deadline]) };
        return await analyzeWhatIsOffered(features, (asked) => send(jpeg, { ...question, features: asked }));
      } catch (error) {
        signal.throwIfAborted();
        if (deadline.aborted) throw new FailedError('vision-timeout', { cause: error });
        throw problemOf(error);
      }
    },
  };
}

async function analyzeWhatIsOffered(
  features: readonly VisionFeature[],
  ask: (features: readonly VisionFeature[]) => Promise<Answer>,
): Promise<Analysis> {
  const answer = await ask(features);
  const others = features.filter((feature) => !CAPTION_FEATURES.has(feature));
  if (others.length === features.length || !isNotInRegion(answer)) return analysisOf(answer, features);
  const rest: Analysis =
    others.length > 0
      ? analysisOf(await ask(others), others)
      : { ...NOTHING_FOUND, provider: 'azure-vision', degraded: true, reason: null };
  return { ...rest, degraded: true, reason: 'caption-not-in-region' };
}

function analysisOf(answer: Answer, features: readonly VisionFeature[]): Analysis {
  if (answer.status !== 200) throw problemOfAnswer(answer);
  const found = findings(parseResult(answer.body));
  const lacking = features.includes('caption') && found.caption === null;
  return {
    ...found,
    provider: 'azure-vision',
    region: answer.region,
    degraded: lacking,
    reason: lacking ? 'no-caption' : null,
  };
}

function problemOf(error: unknown): unknown {
  if (error instanceof RefusedError || error instanceof FailedError) return error;
  const code = typeof error === 'object' && error !== null && 'code' in error ? `${error.code}` : '';
  // What comes compressed and does not decompress was answered, only not well.
  if (code.startsWith('Z_')) return new FailedError('vision-bad-response', { cause: error });
  // Sockets, name resolution and TLS all give their errors a code; what has none is a fault of this program.
  return code === '' ? error : new FailedError('vision-unavailable', { cause: error });
}
