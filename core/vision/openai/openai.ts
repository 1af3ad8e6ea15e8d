import type { Authorize } from '../authorize.ts';
import { type Analysis, NOTHING_FOUND, type Vision } from '../vision.ts';
import { readAnswer } from './answer.ts';
import { type Answer, type Ask, Complaint, connect } from './client.ts';
import { isUnknownFormat, problemOfComplaint } from './error.ts';
import { fieldsFor } from './question.ts';
import { chatRequest, FORMATS, type Question } from './request.ts';

export interface OpenAIOptions {
  /** Base URL, such as "http://127.0.0.1:11434/v1". Plain http is meant for a server on the same machine. */
  readonly endpoint: URL;
  readonly authorize: Authorize;
  /** The model, or on Azure the deployment. */
  readonly model: string;
}

/**
 * Any chat model that takes images and answers in JSON, at any server that speaks OpenAI's chat completions: Azure OpenAI
 * and Foundry, Ollama, LM Studio, vLLM. The SDK is loaded with the first analysis, and tries only once; its
 * own limit is ten minutes, and what has a shorter one gives a signal.
 *
 * The answer is asked for by a strict schema. A server that does not know schemas refuses that without charge; it is
 * asked again for any JSON, then for plain text, and from then on at once in the form that it knows.
 *
 * `analyze` throws RefusedError `content-filtered`, `vision-rejected` or `invalid-request` (the language); FailedError
 * `vision-auth`, `vision-throttled` (with the service's Retry-After), `vision-unavailable` or
 * `vision-bad-response`.
 */
export function openaiVision({ endpoint, authorize, model }: OpenAIOptions): Vision {
  let connected: Promise<Ask> | undefined;
  let known = 0;

  /** Asks in the strictest form that is not known to be refused. */
  async function ask(question: Question, signal: AbortSignal, again: () => Promise<void>): Promise<Answer> {
    connected ??= connect(endpoint, authorize);
    const send = await connected;
    for (let form = known; ; form++) {
      try {
        return await send(chatRequest(question, FORMATS[form] ?? 'text'), signal);
      } catch (error) {
        if (!(error instanceof Complaint)) throw error;
        if (form + 1 >= FORMATS.length || !isUnknownFormat(error)) throw problemOfComplaint(error);
        known = Math.max(known, form + 1);
        await again();
      }
    }
  }

  return {
    provider: 'openai',
    model,
    needsPixels: true,
    async analyze(image, { features, language, signal, again = async () => {} }) {
      const fields = fieldsFor(features);
      if (fields.length === 0) return analysisOf({ degraded: true, reason: 'feature-not-offered' });
      const jpeg = await image.jpeg();
      signal.throwIfAborted();
      const question = { endpoint, model, fields, language, jpeg };
      try {
        const { body, region } = await ask(question, signal, again);
        const found = readAnswer(body, fields, language);
        const lacking = features.includes('caption') && found.caption === null;
        return analysisOf({
          ...found,
          region,
          degraded: lacking,
          reason: lacking ? 'no-caption' : null,
        });
      } catch (error) {
        signal.throwIfAborted();
        throw error;
      }
    },
  };
}

function analysisOf(found: Partial<Analysis> & Pick<Analysis, 'degraded' | 'reason'>): Analysis {
  return { ...NOTHING_FOUND, provider: 'openai', ...found };
}
