import { FailedError, ProblemError } from '../../errors.ts';
import type { Authorize } from '../authorize.ts';
import { type Analysis, NOTHING_FOUND, type Vision, type VisionFeature } from '../vision.ts';
import { findings, parseResult, shortcoming } from './answer.ts';
import { type Answer, type Ask, connect, isCaption } from './client.ts';
import { isNotInRegion, problemOfAnswer } from './error.ts';

export interface AzureVisionOptions {
  /** Plain http is meant for a server on the same machine. */
  readonly endpoint: URL;
  readonly authorize: Authorize;
  /** Such as "2024-02-01"; without one the service's latest. */
  readonly modelVersion?: string | undefined;
}

/**
 * Azure AI Vision Image Analysis 4.0. Its SDK is loaded with the first analysis, and tries only once: when to try
 * again, and after what time it is given up, is decided by who knows the budget.
 *
 * Outside the regions that have captions the service refuses the whole request; it is then made once more without
 * them, and the analysis is degraded for the reason `caption-not-in-region`. The refused request is not billed. No later
 * image is asked for captions again, since a resource does not move.
 *
 * `analyze` throws RefusedError `vision-rejected` or `invalid-request` (the language); FailedError `vision-auth`,
 * `vision-throttled` (with the service's Retry-After), `vision-unavailable` or `vision-bad-response`.
 */
export function azureVision({ endpoint, authorize, modelVersion }: AzureVisionOptions): Vision {
  let connected: Promise<Ask> | undefined;
  let hasCaptions = true;

  async function analyzeWhatIsOffered(
    features: readonly VisionFeature[],
    again: () => Promise<void>,
    ask: (features: readonly VisionFeature[]) => Promise<Answer>,
  ): Promise<Analysis> {
    const others = features.filter((feature) => !isCaption(feature));
    if (others.length === features.length) return analysisOf(await ask(features), features);
    if (hasCaptions) {
      const answer = await ask(features);
      if (!isNotInRegion(answer)) return analysisOf(answer, features);
      hasCaptions = false;
      if (others.length > 0) await again();
    }
    const lacking = { degraded: true, reason: 'caption-not-in-region' } as const;
    if (others.length === 0) return { ...NOTHING_FOUND, provider: 'azure-vision', ...lacking };
    return { ...analysisOf(await ask(others), others), ...lacking };
  }

  return {
    provider: 'azure-vision',
    model: modelVersion ?? null,
    needsPixels: true,
    async analyze(image, { features, language, signal, again = async () => {} }) {
      const jpeg = await image.jpeg();
      signal.throwIfAborted();
      try {
        connected ??= connect(endpoint, authorize);
        const send = await connected;
        const question = { language, modelVersion, signal };
        return await analyzeWhatIsOffered(features, again, (asked) =>
          send(jpeg, { ...question, features: asked }),
        );
      } catch (error) {
        signal.throwIfAborted();
        throw problemOf(error);
      }
    },
  };
}

function analysisOf(answer: Answer, features: readonly VisionFeature[]): Analysis {
  if (answer.status !== 200) throw problemOfAnswer(answer);
  const result = parseResult(answer.body);
  const found = findings(result);
  const reason = shortcoming(result, found, features);
  return { ...found, provider: 'azure-vision', region: answer.region, degraded: reason !== null, reason };
}

function problemOf(error: unknown): unknown {
  if (error instanceof ProblemError) return error;
  const code = typeof error === 'object' && error !== null && 'code' in error ? `${error.code}` : '';
  // What comes compressed and does not decompress was answered, only not well.
  if (code.startsWith('Z_')) return new FailedError('vision-bad-response', { cause: error });
  // Sockets, name resolution and TLS all give their errors a code; what has none is a fault of this program.
  return code === '' ? error : new FailedError('vision-unavailable', { cause: error });
}
